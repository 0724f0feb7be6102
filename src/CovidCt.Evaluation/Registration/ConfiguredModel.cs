using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Networks;
using CovidCt.Records;
using Microsoft.Extensions.Options;

namespace CovidCt.Registration;

/// <summary>The model that options name, of whichever kind it is, and the check that it can be loaded.</summary>
/// <param name="formats">The kinds that packages read.</param>
internal sealed class ConfiguredModel(IEnumerable<IModelFormat> formats) : IValidateOptions<CovidCtOptions>
{
    private readonly Lock _checking = new();
    private (string Model, Recipes.ComputeDevice Device)? _good;

    /// <summary>Loads the model.</summary>
    /// <exception cref="ArgumentException">What the options ask for can't be had, or no package reads models of this kind.</exception>
    /// <exception cref="RunFolderException">A fold is missing, not finished, or of other settings than the first.</exception>
    /// <exception cref="WeightsException">A file is missing or broken, or no trained network.</exception>
    public ICtClassifier Load(CovidCtOptions options, IImageDecoder decoder)
    {
        var model = options.Model ?? throw new InvalidOperationException(
            $"No trained network is set. Set {nameof(CovidCtOptions)}.{nameof(CovidCtOptions.Model)}: "
                + "services.AddCovidCt(options => options.Model = \"path/to/network.safetensors\").");
        return (formats.FirstOrDefault(format => format.Reads(model)) ?? throw new ArgumentException(
            $"Nothing that was added reads {model}: AddCovidCt, of CovidCt.Core, reads runs and safetensors files, and AddCovidCtOnnx, of "
                + "CovidCt.Onnx, files that end in .onnx.")).Load(model, options, decoder);
    }

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, CovidCtOptions options)
    {
        if (options.Model is not { } model || (!File.Exists(model) && !Directory.Exists(model)))
        {
            return ValidateOptionsResult.Success; // The options themselves say that it is missing.
        }

        lock (_checking)
        {
            return _good == (model, options.Device) ? ValidateOptionsResult.Success : Tried(options, model);
        }
    }

    private ValidateOptionsResult Tried(CovidCtOptions options, string model)
    {
        try
        {
            Load(options, new NoDecoder(StudyConfiguration.DecoderOf(model))).Dispose();
            _good = (model, options.Device);
            return ValidateOptionsResult.Success;
        }
        catch (Exception e) when (e is WeightsException or RunFolderException or ArgumentException)
        {
            return ValidateOptionsResult.Fail($"{nameof(CovidCtOptions)}.{nameof(CovidCtOptions.Model)}: {e.Message}");
        }
    }

    // To load a model decodes nothing, and the application's decoder may need options that are being checked.
    private sealed class NoDecoder(string? name) : IImageDecoder
    {
        public string? Name => name;

        public GrayImage Decode(ReadOnlyMemory<byte> file) =>
            throw new InvalidOperationException("Nothing is decoded while options are checked.");
    }
}
