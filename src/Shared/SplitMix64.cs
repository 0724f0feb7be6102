namespace CovidCt;

/// <summary>
/// The generator whose finaliser makes unrelated bits of neighbouring numbers: Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014.
/// </summary>
internal static class SplitMix64
{
    /// <summary>What a counter goes on by for every value.</summary>
    public const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>The factors of the finaliser.</summary>
    public const ulong FirstFactor = 0xBF58476D1CE4E5B9, SecondFactor = 0x94D049BB133111EB;

    /// <summary>The finaliser.</summary>
    public static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * FirstFactor;
        bits = (bits ^ (bits >> 27)) * SecondFactor;
        return bits ^ (bits >> 31);
    }
}
