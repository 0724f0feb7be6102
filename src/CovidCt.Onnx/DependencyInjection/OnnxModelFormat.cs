using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Recipes;
using CovidCt.Registration;

namespace CovidCt.Onnx.DependencyInjection;

/// <summary>ONNX files.</summary>
internal sealed class OnnxModelFormat : IModelFormat
{
    /// <inheritdoc/>
    public bool Reads(string path) => OnnxNames.IsOnnx(path);

    /// <inheritdoc/>
    public ICtClassifier Load(string path, CovidCtOptions options, IImageDecoder decoder) => options.Device == ComputeDevice.Cuda
        ? throw new ArgumentException($"{path} answers on the processor alone: set {nameof(CovidCtOptions.Device)} to Cpu or Auto.")
        : OnnxClassifier.Load(path, decoder);
}
