using System.Runtime.ExceptionServices;

namespace CovidCt.Data;

/// <summary>Work on many rows at once.</summary>
internal static class RowLoop
{
    /// <summary>Does something for each row, as many at a time as there are cores.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="body">What is done for a row; a fault of it shows as it was thrown.</param>
    /// <param name="progress">Told how many are done, one call at a time, from any thread.</param>
    /// <param name="cancellationToken">Stops between two rows.</param>
    public static void ForEach(int count, Action<int> body, Action<int>? progress, CancellationToken cancellationToken)
    {
        var done = 0;
        var turn = new Lock();
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        try
        {
            Parallel.For(0, count, options, row =>
            {
                body(row);
                if (progress is not null)
                {
                    lock (turn)
                    {
                        progress(++done);
                    }
                }
            });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
