namespace CovidCt.Models.Tests;

public sealed class UsesTests
{
    private readonly object _owner = new();

    [Fact]
    public void What_nobody_uses_is_freed_at_once_and_once()
    {
        var freed = 0;
        var uses = new Uses(_owner, () => freed++);
        uses.Begin().Dispose();
        Assert.Equal(0, freed);

        uses.Dispose();
        uses.Dispose();

        Assert.Equal(1, freed);
        Assert.Equal(_owner.GetType().FullName, Assert.Throws<ObjectDisposedException>(() => uses.Begin()).ObjectName);
    }

    [Fact]
    public void What_is_used_is_freed_by_the_last_who_uses_it()
    {
        var freed = 0;
        var uses = new Uses(_owner, () => freed++);
        var (one, other) = (uses.Begin(), uses.Begin());

        uses.Dispose();
        Assert.Throws<ObjectDisposedException>(() => uses.Begin());
        one.Dispose();
        Assert.Equal(0, freed);
        other.Dispose();

        Assert.Equal(1, freed);
    }

    [Fact]
    public void However_threads_meet_nobody_uses_what_is_freed()
    {
        for (var round = 0; round < 200; round++)
        {
            var (inside, freed, wrong) = (0, 0, 0);
            var uses = new Uses(_owner, () =>
            {
                Interlocked.Increment(ref freed);
                wrong += Volatile.Read(ref inside);
            });
            using var together = new Barrier(4);
            var threads = Enumerable.Range(0, 4).Select(number => new Thread(() =>
            {
                together.SignalAndWait();
                for (var i = 0; i < 50; i++)
                {
                    if (number == 0 && i == round % 50)
                    {
                        uses.Dispose();
                    }

                    try
                    {
                        using var use = uses.Begin();
                        Interlocked.Increment(ref inside);
                        Interlocked.Add(ref wrong, Volatile.Read(ref freed));
                        Interlocked.Decrement(ref inside);
                    }
                    catch (ObjectDisposedException)
                    {
                        return;
                    }
                }
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());

            Assert.Equal((1, 0), (freed, wrong));
        }
    }
}
