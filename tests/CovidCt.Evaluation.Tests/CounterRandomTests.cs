using CsCheck;

namespace CovidCt.Evaluation.Tests;

public class CounterRandomTests
{
    [Fact]
    public void The_bits_are_those_published_for_SplitMix64()
    {
        // The first outputs for 1234567 of splitmix64.c (Vigna, prng.di.unimi.it).
        var random = new CounterRandom(1234567);
        ulong[] expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        Assert.Equal(expected, Enumerable.Range(0, 5).Select(_ => random.NextBits()));
    }

    [Fact]
    public void Keys_stay_as_they_are_for_runs_that_are_resumed()
    {
        // Computed outside .NET from the definition, with Python's integers.
        Assert.Equal(-2152535657050944081, CounterRandom.Key(0));
        Assert.Equal(923849335496224853, CounterRandom.Key(0, 0));
        Assert.Equal(1158890665068784038, CounterRandom.Key(7, 3, 5));
        Assert.Equal(1956027447396120118, CounterRandom.Key(-1, 2147483647, -2));
    }

    [Fact]
    public void No_two_small_seeds_and_counters_share_a_key()
    {
        var keys = new HashSet<long>();
        for (var seed = -20; seed < 20; seed++)
        {
            Assert.True(keys.Add(CounterRandom.Key(seed)));
            for (var first = -20; first < 20; first++)
            {
                Assert.True(keys.Add(CounterRandom.Key(seed, first)));
                for (var second = -20; second < 20; second++)
                {
                    Assert.True(keys.Add(CounterRandom.Key(seed, first, second)));
                }
            }
        }
    }

    [Fact]
    public void Changing_one_bit_of_a_counter_changes_half_of_the_key() =>
        Gen.Select(Gen.Long, Gen.Long, Gen.Int[0, 63]).Array[500].Sample(
            cases =>
            {
                var changed = cases.Average(item => (double)System.Numerics.BitOperations.PopCount(
                    (ulong)(CounterRandom.Key(item.Item1, item.Item2) ^ CounterRandom.Key(item.Item1, item.Item2 ^ (1L << item.Item3)))));
                Assert.InRange(changed, 31, 33);
            },
            iter: 20);

    [Fact]
    public void Numbers_below_a_bound_are_all_equally_frequent()
    {
        var random = new CounterRandom(3, 1, 4);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
        {
            counts[random.NextBelow(7)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void Uniform_numbers_stay_in_their_range_and_fill_it() =>
        Gen.Select(Gen.Long, Gen.Double[-10, 10], Gen.Double[0, 10]).Sample((seed, low, extent) =>
        {
            var random = new CounterRandom(seed);
            var values = Enumerable.Range(0, 200).Select(_ => random.NextUniform(low, low + extent)).ToList();
            Assert.All(values, value => Assert.InRange(value, low, low + extent));
            Assert.InRange(values.Average(), low + (0.35 * extent) - 1e-9, low + (0.65 * extent) + 1e-9);
        });

    [Fact]
    public void Probabilities_of_0_and_1_are_certain() => Gen.Long.Sample(seed =>
    {
        var random = new CounterRandom(seed);
        for (var i = 0; i < 100; i++)
        {
            Assert.False(random.NextBoolean(0));
            Assert.True(random.NextBoolean(1));
        }
    });

    [Fact]
    public void A_shuffle_keeps_every_item_and_is_a_function_of_its_key() =>
        Gen.Select(Gen.Long, Gen.Int.Array[0, 60]).Sample((seed, items) =>
        {
            var (once, twice) = (items.ToArray(), items.ToArray());
            new CounterRandom(seed, 1).Shuffle<int>(once);
            new CounterRandom(seed, 1).Shuffle<int>(twice);
            Assert.Equal(once, twice);
            Assert.Equal(items.Order(), once.Order());
        });

    [Fact]
    public void A_shuffle_gives_every_order_equally_often()
    {
        var counts = new Dictionary<string, int>();
        for (var key = 0; key < 24_000; key++)
        {
            var items = "abcd".ToCharArray();
            new CounterRandom(key, 0).Shuffle<char>(items);
            var order = new string(items);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 850, 1150));
    }
}
