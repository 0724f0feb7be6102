using System.Diagnostics;
using CovidCt.Benchmarks.Kit;

namespace CovidCt.Benchmarks.Comparison;

/// <summary>Work that is set up and can be measured again and again.</summary>
/// <param name="measure">Does the work and answers its figure.</param>
/// <param name="owned">What goes with it, in this order.</param>
internal sealed class Measurement(Func<double> measure, params IDisposable[] owned) : IDisposable
{
    // As timing.py has it.
    private const double LeastSeconds = 0.3;

    /// <summary>The seconds of an action, repeated until <see cref="LeastSeconds"/> have passed.</summary>
    public static Measurement OfTime(Action action, params IDisposable[] owned) => OfTime(action, 1, owned);

    /// <summary>The seconds of one of several things that an action does at a time.</summary>
    public static Measurement OfTime(Action action, int atATime, params IDisposable[] owned) => new(() => Seconds(action) / atATime, owned);

    /// <summary>The peak of the process's resident memory, in MiB, once an action has been done.</summary>
    public static Measurement OfPeak(Action action, params IDisposable[] owned) => new(() =>
    {
        action();
        return ProcessMemory.Peak / (double)(1 << 20);
    }, owned);

    public double Value() => measure();

    public void Dispose()
    {
        foreach (var item in owned)
        {
            item.Dispose();
        }
    }

    private static double Seconds(Action action)
    {
        var clock = Stopwatch.StartNew();
        var times = 0;
        do
        {
            action();
            times++;
        }
        while (clock.Elapsed.TotalSeconds < LeastSeconds);
        Card.Synchronize();
        return clock.Elapsed.TotalSeconds / times;
    }
}
