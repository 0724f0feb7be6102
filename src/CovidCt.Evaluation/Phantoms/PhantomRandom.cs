namespace CovidCt.Phantoms;

/// <summary>A stream of random numbers, made of nothing but its keys (SplitMix64, Steele et al. 2014).</summary>
internal sealed class PhantomRandom
{
    private ulong _state;

    public PhantomRandom(params ReadOnlySpan<int> keys)
    {
        foreach (int key in keys)
            _state = Mix(_state + (uint)key + 0x9E3779B97F4A7C15UL);
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
        double[] draws = new double[count];
        for (int i = 0; i < count; i++)
            draws[i] = (i + Next()) / count;
        Shuffle(draws);
        return draws;
    }

    /// <summary>Fisher-Yates.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Index(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private ulong NextBits() => Mix(_state += 0x9E3779B97F4A7C15UL);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
