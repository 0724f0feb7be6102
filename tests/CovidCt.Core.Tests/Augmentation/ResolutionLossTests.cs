using CovidCt.Augmentation;
using CsCheck;

namespace CovidCt.Core.Tests.Augmentation;

public class ResolutionLossTests
{
    private static readonly Gen<(int Width, int Height, PixelRectangle Image)> Places =
        from width in Gen.Int[1, 60]
        from height in Gen.Int[1, 60]
        from left in Gen.Int[0, width - 1]
        from top in Gen.Int[0, height - 1]
        from right in Gen.Int[left + 1, width]
        from bottom in Gen.Int[top + 1, height]
        select (width, height, new PixelRectangle(left, top, right, bottom));

    [Fact]
    public void It_is_the_mean_of_areas_and_then_straight_lines_between_their_middles() =>
        Gen.Select(Places, Gen.Double[0.25, 1], Gen.Long).Sample((place, factor, seed) =>
        {
            var (width, height, image) = place;
            var before = Noise(width * height, seed);
            var after = before.ToArray();
            ResolutionLoss.Apply(after, width, image, factor);
            var (columns, rows) = (ResolutionLoss.Shrunk(image.Width, factor), ResolutionLoss.Shrunk(image.Height, factor));
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    if (x < image.Left || x >= image.Right || y < image.Top || y >= image.Bottom)
                    {
                        Assert.Equal(before[(y * width) + x], after[(y * width) + x]);
                        continue;
                    }

                    var expected = (from row in Between(y - image.Top, image.Height, rows)
                                    from column in Between(x - image.Left, image.Width, columns)
                                    select row.Weight * column.Weight * Mean(row.Place, column.Place)).Sum();
                    Assert.Equal(expected, after[(y * width) + x], 1e-3);
                }
            }

            double Mean(int row, int column) =>
                (from y in Covered(row, image.Height, rows)
                 from x in Covered(column, image.Width, columns)
                 select y.Share * x.Share * before[((image.Top + y.Place) * width) + image.Left + x.Place]).Sum();
        }, iter: 60);

    [Fact]
    public void By_a_factor_of_one_and_of_an_even_image_nothing_changes() => Gen.Select(Places, Gen.Double[0.25, 1], Gen.Long).Sample((place, factor, seed) =>
    {
        var before = Noise(place.Width * place.Height, seed);
        var after = before.ToArray();
        ResolutionLoss.Apply(after, place.Width, place.Image, 1);
        Assert.Equal(before, after);

        Array.Fill(after, 77);
        ResolutionLoss.Apply(after, place.Width, place.Image, factor);
        Assert.All(after, value => Assert.Equal(77, value, 1e-4));
    });

    [Fact]
    public void A_ramp_stays_one_but_at_its_ends()
    {
        float[] ramp = [.. Enumerable.Range(0, 64 * 9).Select(i => (float)(i % 64))];
        var after = ramp.ToArray();
        ResolutionLoss.Apply(after, 64, new(0, 0, 64, 9), 0.5);
        Assert.All(Enumerable.Range(0, after.Length).Where(i => i % 64 is > 0 and < 63), i => Assert.Equal(ramp[i], after[i], 1e-4));
    }

    // The pixels of the small image that a pixel of the large one lies between.
    private static IEnumerable<(int Place, double Weight)> Between(int pixel, int length, int small)
    {
        var place = Math.Clamp(((pixel + 0.5) * small / length) - 0.5, 0, small - 1);
        var first = Math.Min((int)place, small - 1);
        return [(first, 1 - (place - first)), (Math.Min(first + 1, small - 1), place - first)];
    }

    private static IEnumerable<(int Place, double Share)> Covered(int part, int length, int small) =>
        Enumerable.Range(0, length)
            .Select(i => (i, Math.Max(0, Math.Min((part + 1.0) * length / small, i + 1) - Math.Max((double)part * length / small, i)) * small / length));

    private static float[] Noise(int count, long seed)
    {
        var random = new CounterRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextUniform(0, 255))];
    }
}
