using CovidCt.Embedding.OnDevice;
using CsCheck;

namespace CovidCt.Core.Tests.Embedding.OnDevice;

public class RowBlocksTests
{
    [Fact]
    public void Blocks_cover_all_rows_in_order_and_stay_within_their_bytes() =>
        Gen.Select(Gen.Long[1, 10_000], Gen.Long[0, 300], Gen.Long[1, 5000]).Sample((bytes, rows, bytesARow) =>
        {
            var next = 0L;
            foreach (var block in new RowBlocks(bytes).Of(rows, bytesARow))
            {
                Assert.Equal(next, block.Begin);
                Assert.True(block.Count == 1 || block.Count * bytesARow <= bytes);
                next += block.Count;
            }

            Assert.Equal(rows, next);
        });

    [Fact]
    public void A_cancelled_search_has_no_next_block()
    {
        using var source = new CancellationTokenSource();
        using var blocks = new RowBlocks(10, source.Token).Of(20, 1).GetEnumerator();
        Assert.True(blocks.MoveNext());
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => blocks.MoveNext());
    }
}
