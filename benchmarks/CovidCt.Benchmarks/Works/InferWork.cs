using CovidCt.Augmentation;
using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Training;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Works;

/// <summary>
/// The answers of each network at its canvas. Ours are probabilities of canvases, by <see cref="Trainer.Predict"/>; the peer's
/// are the logits of a batch that lies ready.
/// </summary>
internal static class InferWork
{
    /// <summary>Batches a call, so that what a call begins with is paid once.</summary>
    private const int Batches = 4;

    /// <param name="name">The name of the work.</param>
    /// <param name="batch">The images of a batch; null for each network's own number.</param>
    public static ComparedWork Create(string name, int? batch) => new(
        name,
        batch is null ? "Inference at the canvas, batch 32, or 8 above 5 GMAC an image." : "Inference at the canvas, one image at a time.",
        [.. BenchmarkedNetwork.All.Select(network => new WorkCase(network.Name, _ => Ours(network, batch ?? network.Batch), _ => TrainWork.Ask(network, batch))
        {
            HasChannelsLast = true,
        })])
    {
        Module = "infer",
        MeanGoal = batch is null ? 2.0 : 1.5,
    };

    private static Measurement Ours(BenchmarkedNetwork network, int batch)
    {
        var backbone = network.Create(CPU);
        var canvases = RandomCanvases.Store(network.Canvas, batch);
        var trainer = new Trainer(Recipe.Training(batch, AugmentationOptions.None), seed: 0);
        int[] rows = [.. Enumerable.Range(0, Batches * batch).Select(row => row % batch)];
        var call = Measurement.OfTime(() => trainer.Predict(backbone, canvases, rows, RandomCanvases.Fill));
        return new(() => call.Value() / Batches, canvases, backbone);
    }
}
