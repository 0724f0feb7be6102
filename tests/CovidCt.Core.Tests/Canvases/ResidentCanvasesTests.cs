using CovidCt.Canvases;
using CovidCt.Imaging;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Canvases;

[Collection(NativeMemory.Name)]
public class ResidentCanvasesTests
{
    private const int Count = 150; // More than are sent at once.

    private static readonly ImageSize Size = new(6, 4);

    [Fact]
    public void Batches_are_those_of_the_store()
    {
        using var scope = NewDisposeScope();
        using var store = Store();
        int[] rows = [.. Enumerable.Range(0, Count).Where(row => row % 7 != 3)];
        using var resident = ResidentCanvases.TryMake(store, rows.Concat([5]), new StandInMemory())!;
        for (var epoch = 0; epoch < 2; epoch++)
        {
            var order = rows.ToArray();
            new CounterRandom(epoch).Shuffle<int>(order);
            int[][] parts = [.. order.Chunk(32), [2, 2, 0]];
            foreach (var (expected, actual) in store.Batches(parts, CPU).Zip(resident.Batches(parts)))
            {
                using var one = expected;
                using var other = actual;
                Assert.True(one.Gray.equal(other.Gray).all().item<bool>());
                Assert.True(one.Inside.equal(other.Inside).all().item<bool>());
                Assert.Equal(one.Gray.shape, other.Gray.shape);
                Assert.Equal((one.Gray.dtype, one.Inside.dtype), (other.Gray.dtype, other.Inside.dtype));
            }
        }
    }

    [Fact]
    public void What_an_epoch_sends_does_not_grow_with_its_batches()
    {
        using var scope = NewDisposeScope();
        using var store = Store();
        var memory = new StandInMemory();
        using var resident = ResidentCanvases.TryMake(store, Enumerable.Range(0, Count), memory)!;
        foreach (var size in new[] { 1, 150 })
        {
            var before = memory.Uploads;
            foreach (var batch in resident.Batches([.. Enumerable.Range(0, Count).Chunk(size)]))
            {
                batch.Dispose();
            }

            Assert.Equal(2, memory.Uploads - before);
        }
    }

    [Theory]
    [InlineData(24 * 10, true)]
    [InlineData((24 * 10) - 1, false)]
    public void Rows_that_do_not_fit_are_not_sent(long room, bool fits)
    {
        using var store = Store();
        var memory = new StandInMemory { Room = room };
        using var resident = ResidentCanvases.TryMake(store, Enumerable.Range(0, 10).Concat([4, 5]), memory);
        Assert.Equal(fits, resident is not null);
        Assert.Equal(fits, memory.Uploads > 0);
    }

    [Fact]
    public void Nothing_is_left_behind_also_when_a_row_is_not_there_or_a_batch_is_not_asked_for()
    {
        var before = Tensor.TotalCount;
        using (var store = Store())
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => ResidentCanvases.TryMake(store, [0, Count], new StandInMemory()));
            using var resident = ResidentCanvases.TryMake(store, [0, 1], new StandInMemory())!;
            using (var batches = resident.Batches([[0], [1], [0]]).GetEnumerator())
            {
                CanvasBatch batch;
                using (NewDisposeScope())
                {
                    Assert.True(batches.MoveNext());
                    batch = batches.Current;
                }

                Assert.Equal(1, batch.Gray.shape[0]);
                batch.Dispose();
                Assert.True(batches.MoveNext());
                batches.Current.Dispose();
            }
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    private static CanvasStore Store()
    {
        using var scope = NewDisposeScope();
        var gray = arange(Count, ScalarType.Byte).reshape(Count, 1, 1).expand(Count, 4, 6).contiguous();
        return new CanvasStore(Size, gray, [.. Enumerable.Range(0, Count).Select(row => new CanvasGeometry(new(20, 30), Size, new(2, 3), row % 4, 1))]);
    }
}
