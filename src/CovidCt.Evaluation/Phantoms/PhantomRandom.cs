namespace CovidCt.Phantoms;

/// <summary>A stream of random numbers, made of nothing but its keys (SplitMix64, Steele et al. 2014).</summary>
internal sealed class PhantomRandom
{
    private ulong _state;

    public PhantomRandom(params ReadOnlySpan<int> keys)
    {
        foreach (var key in keys)
        {
            _state = SplitMix64.Mix(_state + (uint)key + SplitMix64.Golden);
        }
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Next() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Next(double low, double high) => low + (high - low) * Next();

    /// <summary>Uniform in 0 … count − 1.</summary>
    public int Index(int count) => (int)(Next() * count);

    /// <summary>Normal with mean 0 and deviation 1.</summary>
    public double Gaussian() => Math.Sqrt(-2 * Math.Log(1 - Next())) * Math.Cos(2 * Math.PI * Next());

    /// <summary>One draw from each of <paramref name="count"/> equal parts of [0, 1), in random order.</summary>
    public double[] Stratified(int count)
    {
        var draws = new double[count];
        for (var i = 0; i < count; i++)
        {
            draws[i] = (i + Next()) / count;
        }

        Shuffle(draws);
        return draws;
    }

    /// <summary>Fisher-Yates.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Index(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private ulong NextBits() => SplitMix64.Mix(_state += SplitMix64.Golden);
}
