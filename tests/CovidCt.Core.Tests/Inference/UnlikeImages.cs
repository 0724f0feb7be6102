using CovidCt.Imaging;

namespace CovidCt.Core.Tests.Inference;

/// <summary>Generated images that are no slices: what a classifier of slices should not be asked about.</summary>
internal static class UnlikeImages
{
    private const int Width = 256;
    private const int Height = 192;

    /// <summary>Independent gray levels.</summary>
    public static GrayImage Noise(int seed)
    {
        var random = new CounterRandom(seed, 1);
        return Make((_, _) => 255 * random.NextUniform());
    }

    /// <summary>A plane from dark to light in some direction, with a little noise.</summary>
    public static GrayImage Gradient(int seed)
    {
        var random = new CounterRandom(seed, 2);
        var (angle, low, high) = (random.NextUniform(0, 2 * Math.PI), random.NextUniform(0, 100), random.NextUniform(150, 255));
        return Make((x, y) =>
        {
            var along = (((x / (double)Width) - 0.5) * Math.Cos(angle)) + (((y / (double)Height) - 0.5) * Math.Sin(angle)) + 0.5;
            return low + ((high - low) * along) + random.NextUniform(-3, 3);
        });
    }

    /// <summary>Noise of every scale, each twice as coarse and twice as strong as the one before: the spectrum of natural textures.</summary>
    public static GrayImage Texture(int seed)
    {
        var random = new CounterRandom(seed, 3);
        var octaves = Enumerable.Range(0, 6).Select(octave =>
        {
            var cells = 3 << octave;
            var values = new double[cells + 2, cells + 2];
            for (var j = 0; j < cells + 2; j++)
            {
                for (var i = 0; i < cells + 2; i++)
                {
                    values[j, i] = random.NextUniform(-1, 1) / (1 << octave);
                }
            }

            return (cells, values);
        }).ToList();
        return Make((x, y) => 128 + (90 * octaves.Sum(octave =>
        {
            var (u, v) = (x * octave.cells / (double)Width, y * octave.cells / (double)Height);
            var (i, j) = ((int)u, (int)v);
            var above = octave.values[j, i] + ((u - i) * (octave.values[j, i + 1] - octave.values[j, i]));
            var below = octave.values[j + 1, i] + ((u - i) * (octave.values[j + 1, i + 1] - octave.values[j + 1, i]));
            return above + ((v - j) * (below - above));
        })));
    }

    /// <summary>Discs over each other, of many sizes and gray levels: the "dead leaves" model of a photograph.</summary>
    public static GrayImage Leaves(int seed)
    {
        var random = new CounterRandom(seed, 4);
        var leaves = Enumerable.Range(0, 300).Select(_ => (
            X: random.NextUniform(0, Width), Y: random.NextUniform(0, Height), Radius: 4 / Math.Sqrt(random.NextUniform(0.003, 1)), Gray: random.NextUniform(0, 255))).ToList();
        return Make((x, y) => leaves.Find(leaf => ((leaf.X - x) * (leaf.X - x)) + ((leaf.Y - y) * (leaf.Y - y)) < leaf.Radius * leaf.Radius).Gray);
    }

    /// <summary>The negative of an image.</summary>
    public static GrayImage Inverted(GrayImage image) => new(image.Width, image.Height, Array.ConvertAll(image.Pixels, gray => (byte)(255 - gray)));

    private static GrayImage Make(Func<int, int, double> gray)
    {
        var pixels = new byte[Width * Height];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)Math.Clamp(gray(i % Width, i / Width), 0, 255);
        }

        return new(Width, Height, pixels);
    }
}
