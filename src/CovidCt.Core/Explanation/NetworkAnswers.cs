using System.Runtime.InteropServices;
using CovidCt.Compute;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Networks;
using static TorchSharp.torch;

namespace CovidCt.Explanation;

/// <summary>What a network answers about changed images.</summary>
internal sealed class NetworkAnswers(IInferenceNetwork network, int batchSize, CancellationToken cancellationToken)
{
    private readonly DeviceMemory _memory = new(network.Device);

    /// <summary>
    /// A class's log-odds in each image, in nats: <c>ln p / (1 − p) = y_c − ln Σ exp y_j</c> over the other classes j, which of two
    /// classes is the difference of the logits.
    /// </summary>
    /// <remarks>A logit by itself says nothing under a softmax: what adds to all of them changes no probability.</remarks>
    public double[] LogOdds(IEnumerable<float[]> images, ImageSize canvas, int number) =>
        [.. Rows(images, canvas).Select(row => row[number] - LogSumExp([.. row.Where((_, other) => other != number)]))];

    /// <summary>The probability of log-odds.</summary>
    public static double Probability(double odds) => 1 / (1 + Math.Exp(-odds));

    /// <summary>The logits of each image of a batch.</summary>
    public IEnumerable<float[]> Logits(Tensor images)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        var logits = network.Logits(images).to_type(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        return Array.TrueForAll(logits, float.IsFinite)
            ? logits.Chunk(network.Classes)
            : throw new WeightsException(
                $"{network.Spec.Name} answers no numbers: its weights or the images hold NaN or values beyond all bounds. Use other "
                    + "weights.");
    }

    private IEnumerable<float[]> Rows(IEnumerable<float[]> images, ImageSize canvas) => images.Chunk(batchSize).SelectMany(batch =>
    {
        using var scope = NewDisposeScope();
        var input = empty([batch.Length, 3, canvas.Height, canvas.Width], ScalarType.Float32);
        for (var i = 0; i < batch.Length; i++)
        {
            MemoryMarshal.AsBytes(batch[i].AsSpan()).CopyTo(input[i].bytes);
        }

        return Logits(_memory.Upload(input));
    });

    private static double LogSumExp(float[] logits)
    {
        double most = logits.Max();
        return most + Math.Log(logits.Sum(logit => Math.Exp(logit - most)));
    }
}
