namespace CovidCt;

/// <summary>
/// A counter-based random stream: every value is a function of a key and of how many values were drawn before, so that
/// nothing but the key decides what is drawn.
/// </summary>
/// <remarks>
/// The mixing function is SplitMix64's (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014); the values are the same on every platform and .NET version, which <see cref="System.Random"/> doesn't
/// promise.
/// </remarks>
internal struct CounterRandom(long key)
{
    // Keeps a counter from cancelling the seed or a counter before it.
    private const ulong Silver = 0xD1B54A32D192ED03;

    private ulong _state = (ulong)key;

    /// <summary>The stream of a seed and counters, such as an epoch and a row.</summary>
    public CounterRandom(long seed, params ReadOnlySpan<long> counters) : this(Key(seed, counters))
    {
    }

    /// <summary>64 well mixed bits of a seed and counters; order and number of the counters matter.</summary>
    public static long Key(long seed, params ReadOnlySpan<long> counters)
    {
        var key = SplitMix64.Mix((ulong)seed + SplitMix64.Golden);
        foreach (var counter in counters)
        {
            key = SplitMix64.Mix((SplitMix64.Mix(key + Silver) ^ (ulong)counter) + SplitMix64.Golden);
        }

        return (long)key;
    }

    /// <summary>The next 64 bits.</summary>
    public ulong NextBits() => SplitMix64.Mix(_state += SplitMix64.Golden);

    /// <summary>Uniform in [0, 1), on a grid of 2^-53.</summary>
    public double NextUniform() => (NextBits() >> 11) * (1.0 / (1L << 53));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>].</summary>
    public double NextUniform(double low, double high) => low + ((high - low) * NextUniform());

    /// <summary>True with the given probability: never for 0, always for 1.</summary>
    public bool NextBoolean(double probability) => NextUniform() < probability;

    /// <summary>Uniform in 0 … <paramref name="exclusive"/> − 1, without bias (Lemire 2019).</summary>
    public int NextBelow(int exclusive)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusive);
        var high = Math.BigMul(NextBits(), (ulong)exclusive, out var low);
        if (low < (ulong)exclusive)
        {
            var threshold = (0UL - (ulong)exclusive) % (ulong)exclusive;
            while (low < threshold)
            {
                high = Math.BigMul(NextBits(), (ulong)exclusive, out low);
            }
        }

        return (int)high;
    }

    /// <summary>Puts the items in an order that is uniform over all orders (Fisher-Yates, from the end).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = NextBelow(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
