using CovidCt.Explanation;
using CsCheck;

namespace CovidCt.Core.Tests.Explanation;

public sealed class NoisyLinearImputationTests
{
    [Fact]
    public void Removed_pixels_get_the_values_of_SciPys_sparse_solver() => Assert.All(GoldenCams.Read().Imputed, golden =>
    {
        var count = golden.Width * golden.Height;
        var plane = GoldenCams.Uniform("plane", count);
        NoisyLinearImputation.Fill(plane, golden.Width, Array.ConvertAll(GoldenCams.Uniform("removed", count), value => value < (float)golden.Share));
        Assert.All(golden.Values.Zip(plane), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
    });

    [Fact]
    public void Known_pixels_stay_and_removed_ones_lie_between_them() =>
        (from width in Gen.Int[1, 12]
         from height in Gen.Int[1, 12]
         from plane in Gen.Float[-2, 2].Array[width * height]
         from removed in Gen.Bool.Array[width * height]
         where removed.Contains(false)
         select (width, plane, removed)).Sample(given =>
        {
            var filled = (float[])given.plane.Clone();
            NoisyLinearImputation.Fill(filled, given.width, given.removed);
            var known = given.plane.Where((_, i) => !given.removed[i]).ToList();
            for (var i = 0; i < filled.Length; i++)
            {
                if (given.removed[i])
                    Assert.InRange(filled[i], known.Min() - 1e-2f, known.Max() + 1e-2f);
                else
                    Assert.Equal(given.plane[i], filled[i]);
            }
        });

    [Fact]
    public void A_plane_without_known_pixels_gets_its_mean()
    {
        float[] plane = [1, 2, 3, 6];
        NoisyLinearImputation.Fill(plane, 2, [true, true, true, true]);
        Assert.All(plane, value => Assert.Equal(3, value));
    }
}
