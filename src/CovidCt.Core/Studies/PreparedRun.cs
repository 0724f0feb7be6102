using CovidCt.Answers;
using CovidCt.Canvases;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Progress;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Studies;

/// <summary>A finished run's network beside the canvases of images, as the run saw them; unreadable images are left out.</summary>
internal sealed class PreparedRun : IDisposable
{
    private readonly DecodedDataset _decoded;

    private PreparedRun(FinishedRun run, ModelDescription model, IBackbone backbone, DecodedDataset decoded)
    {
        (Model, Backbone, _decoded) = (model, backbone, decoded);
        Train = [.. Rows(run.TrainedOn)];
        Test = [.. Rows(run.TestedOn)];

        IEnumerable<int> Rows(Func<string, bool> isOf) =>
            Enumerable.Range(0, Dataset.Samples.Count).Where(row => isOf(Dataset.Samples[row].Path));
    }

    /// <summary>What the network expects.</summary>
    public ModelDescription Model { get; }

    /// <summary>The network.</summary>
    public IBackbone Backbone { get; }

    /// <summary>The images that could be read.</summary>
    public CtDataset Dataset => _decoded.Dataset;

    /// <summary>Their canvases; row i is sample i.</summary>
    public CanvasStore Canvases => _decoded.Stores[Model.Input];

    /// <summary>The rows that the run was trained on: of the images that its study drew folds of, those that it did not test on.</summary>
    public int[] Train { get; }

    /// <summary>The rows that it tested on.</summary>
    public int[] Test { get; }

    /// <summary>Loads the network, and opens the study's canvases or decodes the images.</summary>
    /// <exception cref="ArgumentException">The device isn't there.</exception>
    /// <exception cref="Networks.WeightsException">The network's file is damaged.</exception>
    /// <exception cref="UnusableDataException">No image can be read.</exception>
    public static PreparedRun Open(
        FinishedRun run, CtDataset dataset, IImageDecoder decoder, ComputeDevice device, CancellationToken cancellationToken)
    {
        var (model, backbone) = run.LoadNetwork(device);
        try
        {
            dataset = dataset with { SampleBits = model.SampleBits ?? dataset.SampleBits };
            var transform = new CanvasTransform(new CanvasOptions { Fit = model.Fit, Fill = model.Fill });
            return new(run, model, backbone, run.Canvases is { } folder
                ? CanvasDecoding.Open(folder, dataset, [model.Input], transform, decoder, cancellationToken: cancellationToken)
                : CanvasDecoding.Decode(dataset, [model.Input], transform, decoder, cancellationToken: cancellationToken));
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>The features of the training images, and below them of the test images: float32 [N, D], which the caller owns.</summary>
    public Tensor Features(IProgress<StepProgress>? progress, CancellationToken cancellationToken)
    {
        int[] rows = [.. Train, .. Test];
        var steps = progress is null ? null : new Relay<int>(done => progress.Report(new(StepKind.Features, done, rows.Length)));
        return PooledFeatures.Of(Backbone, Model, Canvases, rows, steps, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _decoded.Dispose();
        Backbone.Dispose();
    }
}
