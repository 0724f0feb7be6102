using static TorchSharp.torch;

namespace CovidCt.Embedding;

/// <summary>Rows shared out among as many threads as libtorch computes with.</summary>
internal static class Workers
{
    /// <summary>
    /// Calls <paramref name="body"/> with ranges that cover the rows; what it does for a row must not depend on the range.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled, which the body looks for too where a range takes long.</exception>
    public static void Run(int rows, int atLeast, Action<int, int> body, CancellationToken cancellationToken = default)
    {
        var threads = get_num_threads();
        var size = Math.Max(atLeast, (rows + (8 * threads) - 1) / (8 * threads));
        size = (size + 1) / 2 * 2;
        var ranges = (rows + size - 1) / size;
        if (ranges <= 1 || threads == 1)
        {
            body(0, rows);
            return;
        }

        Parallel.For(
            0,
            ranges,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            range => body(range * size, Math.Min(rows, (range + 1) * size)));
    }
}
