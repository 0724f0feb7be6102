namespace CovidCt.Embedding.OnDevice;

/// <summary>
/// Cuts rows into blocks, so that what is held of a block besides its outcome stays within a number of bytes, however many rows there are.
/// </summary>
/// <param name="bytes">The most that a block takes, unless one row takes more.</param>
/// <param name="cancellationToken">Looked at before each block.</param>
internal sealed class RowBlocks(long bytes = RowBlocks.Usual, CancellationToken cancellationToken = default)
{
    /// <summary>1 GiB: enough work for a card to be busy with, and room beside it on a small one.</summary>
    public const long Usual = 1L << 30;

    /// <summary>Blocks in the order of their rows, which cover them all.</summary>
    /// <param name="bytesARow">What is held of one row, at the most.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<RowBlock> Of(long rows, long bytesARow)
    {
        var size = Rows(bytesARow);
        for (var begin = 0L; begin < rows; begin += size)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new(begin, Math.Min(size, rows - begin));
        }
    }

    /// <summary>How many rows a block has.</summary>
    public long Rows(long bytesARow) => Math.Max(1, bytes / bytesARow);
}

/// <summary>Some rows in a row.</summary>
internal readonly record struct RowBlock(long Begin, long Count);
