using System.Collections.Concurrent;
using CovidCt.Explanation;

namespace CovidCt.Core.Tests.Explanation;

public sealed class TurnsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Who_may_be_together_are_in_together_and_who_must_be_alone_waits_for_them()
    {
        var turns = new Turns(3);
        var (one, other) = (turns.Enter(alone: false), turns.Enter(alone: false));
        using var entered = new ManualResetEventSlim();
        var alone = Asked(turns, alone: true, entered.Set);
        Assert.False(entered.Wait(20, Cancellation));

        one.Dispose();
        Assert.False(entered.Wait(20, Cancellation));
        other.Dispose();

        Assert.True(entered.Wait(Soon, Cancellation));
        Assert.True(alone.Join(Soon));
    }

    [Fact]
    public void The_order_is_that_of_asking_and_nobody_overtakes_who_waits()
    {
        var turns = new Turns(3);
        var first = turns.Enter(alone: true);
        var order = new ConcurrentQueue<int>();
        bool[] alone = [true, true, false, true, false, false, true, true];
        var waiting = alone.Select((isAlone, i) => Asked(turns, isAlone, () => order.Enqueue(i))).ToList();

        first.Dispose();
        waiting.ForEach(thread => Assert.True(thread.Join(Soon)));

        // Places 4 and 5 are together, in whichever order.
        Assert.Equal([0, 1, 2, 3, .. order.Skip(4).Take(2), 6, 7], order);
        Assert.Equal([4, 5], order.Skip(4).Take(2).Order());
    }

    [Fact]
    public void Nobody_is_in_with_one_who_is_alone()
    {
        var turns = new Turns(3);
        var (together, alone, wrong) = (0, 0, 0);
        var threads = Enumerable.Range(0, 6).Select(number => new Thread(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                var isAlone = (i + number) % 3 == 0;
                using var turn = turns.Enter(isAlone);
                var (others, single) = isAlone
                    ? (Volatile.Read(ref together), Interlocked.Increment(ref alone) - 1)
                    : (0, Volatile.Read(ref alone) + (0 * Interlocked.Increment(ref together)));
                Interlocked.Add(ref wrong, others + single);
                Interlocked.Decrement(ref isAlone ? ref alone : ref together);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void No_more_are_in_together_than_may_be()
    {
        var turns = new Turns(2);
        var (one, other) = (turns.Enter(alone: false), turns.Enter(alone: false));
        using var entered = new ManualResetEventSlim();
        var third = Asked(turns, alone: false, entered.Set);
        Assert.False(entered.Wait(20, Cancellation));

        one.Dispose();

        Assert.True(entered.Wait(Soon, Cancellation));
        Assert.True(third.Join(Soon));
        other.Dispose();
    }

    /// <summary>A thread that has taken its place in the line, or is in, when this returns.</summary>
    private static Thread Asked(Turns turns, bool alone, Action inside)
    {
        var thread = new Thread(() =>
        {
            using var turn = turns.Enter(alone);
            inside();
        });
        thread.Start();
        SpinWait.SpinUntil(() => (thread.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) != 0, Soon);
        return thread;
    }
}
