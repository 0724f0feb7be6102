using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Registration;
using CovidCt.Studies;

namespace CovidCt.DependencyInjection;

/// <summary>Runs and safetensors files: a network, an ensemble, or the folder of a network's folds.</summary>
/// <param name="backbones">Makes the networks.</param>
internal sealed class TrainedModelFormat(IBackboneFactory backbones) : IModelFormat
{
    /// <inheritdoc/>
    public bool Reads(string path) => !OnnxNames.IsOnnx(path);

    /// <inheritdoc/>
    public ICtClassifier Load(string path, CovidCtOptions options, IImageDecoder decoder)
    {
        if (File.Exists(path) && CtEnsemble.IsSavedIn(path))
        {
            return CtEnsemble.Load(path, backbones, decoder, options.Device);
        }

        return FinishedRun.HoldsFolds(path)
            ? FinishedRun.LoadEnsemble(path, backbones, decoder, options.Device)
            : CtClassifier.Load(path, backbones, decoder, options.Device);
    }
}
