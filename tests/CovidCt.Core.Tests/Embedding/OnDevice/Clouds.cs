using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Embedding.OnDevice;

/// <summary>Features to embed, float64 and centred, as the pieces get them.</summary>
internal static class Clouds
{
    private static readonly double[] Sides = [3, 1.5];

    /// <summary>Normally distributed about as many centres.</summary>
    public static Tensor Mixture(int rows, int columns, int centres, double separation, ulong seed = 4)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        var middles = randn([centres, columns], ScalarType.Float64, generator: generator) * separation / Math.Sqrt(2);
        var cloud = middles.index_select(0, arange(rows) % centres) + randn([rows, columns], ScalarType.Float64, generator: generator);
        return (cloud - cloud.mean([0], keepdim: true)).MoveToOuterDisposeScope();
    }

    /// <summary>A sheet, three by one and a half, that noise lifts a little into other dimensions: an embedding of it is all but given.</summary>
    public static Tensor Sheet(int rows)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var sheet = rand([rows, 2], ScalarType.Float64, generator: generator) * tensor(Sides);
        return cat([sheet, randn([rows, 10], ScalarType.Float64, generator: generator) * 0.02], 1).MoveToOuterDisposeScope();
    }

    /// <summary>Small whole numbers, so that many distances are equal, exactly, and every row is there twice.</summary>
    public static Tensor Lattice(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var once = randint(-2, 3, [rows / 2, columns], ScalarType.Float64, generator: generator);
        return cat([once, once]).MoveToOuterDisposeScope();
    }
}
