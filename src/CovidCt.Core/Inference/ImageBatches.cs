using System.Runtime.CompilerServices;
using CovidCt.Answers;
using CovidCt.Imaging;
using static TorchSharp.torch;

namespace CovidCt.Inference;

/// <summary>Many images, a few in each forward pass.</summary>
internal static class ImageBatches
{
    private const int MostAtOnce = 16;

    /// <summary>Answers about images that are there.</summary>
    /// <param name="images">The images.</param>
    /// <param name="prepare">Makes an image a network's input, [1, 3, H, W].</param>
    /// <param name="answer">Answers about inputs, [N, 3, H, W].</param>
    /// <param name="cancellationToken">Stops between two passes.</param>
    public static IReadOnlyList<Classification> Answer(
        IReadOnlyList<GrayImage> images, Func<GrayImage, (Tensor Input, CanvasGeometry Geometry)> prepare,
        Func<Tensor, IReadOnlyList<Classification>> answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(images);
        List<Classification> answers = [];
        foreach (var batch in images.Chunk(MostAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var guard = inference_mode();
            var ofBatch = answer(cat([.. batch.Select(image => prepare(image).Input)]));
            answers.AddRange(ofBatch.Zip(batch, (one, image) => one with { ImageNote = image.Note }));
        }

        return answers;
    }

    /// <summary>Answers about images as they come, away from the calling thread.</summary>
    public static async IAsyncEnumerable<Classification> AnswerAsync(
        IAsyncEnumerable<GrayImage> images, Func<IReadOnlyList<GrayImage>, CancellationToken, IReadOnlyList<Classification>> classify,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var source = images.GetAsyncEnumerator(stop.Token);
        var next = source.MoveNextAsync().AsTask();
        try
        {
            while (await next.ConfigureAwait(false))
            {
                List<GrayImage> batch = [];
                do
                {
                    batch.Add(source.Current);
                    next = source.MoveNextAsync().AsTask();
                }
                while (batch.Count < MostAtOnce && next.IsCompletedSuccessfully && next.Result);
                foreach (var answer in await Task.Run(() => classify(batch, cancellationToken), cancellationToken).ConfigureAwait(false))
                {
                    yield return answer;
                }
            }
        }
        finally
        {
            // A source may not be disposed while it is asked for the next image.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
