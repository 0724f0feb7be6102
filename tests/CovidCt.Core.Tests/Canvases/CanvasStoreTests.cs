using CovidCt.Canvases;
using CovidCt.Imaging;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Canvases;

[Collection(NativeMemory.Name)]
public class CanvasStoreTests
{
    private static readonly ImageSize Size = new(6, 4);

    [Fact]
    public void A_batch_holds_the_rows_asked_for_in_their_order()
    {
        using var store = Store(5);

        using var batch = store.Batch([4, 0, 4], CPU);

        Assert.Equal([3, 4, 6], batch.Gray.shape);
        Assert.Equal(ScalarType.Byte, batch.Gray.dtype);
        Assert.Equal([4, 0, 4], batch.Gray.select(1, 0).select(1, 0).data<byte>().ToArray().Select(v => (int)v));
        Assert.Equal(ScalarType.Int64, batch.Inside.dtype);
        Assert.Equal([4, 1, 6, 4, 0, 1, 2, 4, 4, 1, 6, 4], batch.Inside.data<long>().ToArray());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public void A_row_that_is_not_there_is_refused(int row)
    {
        using var store = Store(5);

        Assert.Throws<ArgumentOutOfRangeException>(() => store.Batch([row], CPU));
    }

    [Fact]
    public void Parts_that_do_not_fit_together_are_refused()
    {
        using var gray = zeros([2, 4, 6], ScalarType.Byte);
        using var floats = zeros([1, 4, 6]);

        Assert.Throws<ArgumentException>(() => new CanvasStore(Size, gray, [Geometry(0)]));
        Assert.Throws<ArgumentException>(() => new CanvasStore(Size, floats, [Geometry(0)]));
        Assert.Throws<ArgumentException>(() => new CanvasStore(Size, gray, [Geometry(0), Geometry(0) with { Canvas = new(6, 5) }]));
    }

    [Fact]
    public void Batches_outlive_the_scope_they_are_made_in_and_leave_nothing_behind()
    {
        var before = Tensor.TotalCount;
        using (var store = Store(5))
        {
            CanvasBatch batch;
            using (NewDisposeScope())
            {
                batch = store.Batch([1, 2], CPU);
            }

            Assert.Equal(2, batch.Gray.shape[0]);
            Assert.Equal(before + 3, Tensor.TotalCount);
            batch.Dispose();
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    private static CanvasStore Store(int count)
    {
        using var scope = NewDisposeScope();
        var gray = arange(count, ScalarType.Byte).reshape(count, 1, 1).expand(count, 4, 6).contiguous();
        return new CanvasStore(Size, gray, [.. Enumerable.Range(0, count).Select(Geometry)]);
    }

    private static CanvasGeometry Geometry(int row) => new(new(20, 30), Size, new(2, 3), row, 1);
}
