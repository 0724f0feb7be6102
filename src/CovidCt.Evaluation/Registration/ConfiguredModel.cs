using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Networks;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Serving;
using Microsoft.Extensions.Options;

namespace CovidCt.Registration;

/// <summary>The model that options name, of whichever kind it is, and the check that it can be loaded.</summary>
/// <param name="formats">The kinds that packages read.</param>
/// <param name="telemetry">Where models say what they do.</param>
internal sealed class ConfiguredModel(IEnumerable<IModelFormat> formats, Telemetry telemetry) : IValidateOptions<CovidCtOptions>
{
    private readonly Lock _checking = new();
    private readonly HashSet<(string Model, ComputeDevice Device)> _good = [];

    /// <summary>Loads the model, with all that the options say of how it is asked.</summary>
    /// <param name="name">The name that it is registered under; empty for the one without.</param>
    /// <inheritdoc cref="Load" path="/exception"/>
    public ICtClassifier Serve(string name, CovidCtOptions options, IImageDecoder decoder)
    {
        var model = telemetry.For(name);
        if (options is not { ReloadInterval: { } interval, Model: { } path })
        {
            var only = Asked(Load(options, decoder));
            model.Loaded("loaded");
            return only;
        }

        var first = new ReplaceableClassifier(path, interval, () => Asked(Answering(Load(options, decoder))), model);
        model.Loaded("loaded");
        return first;

        ICtClassifier Asked(ICtClassifier loaded)
        {
            var measured = new MeasuredClassifier(loaded, decoder, model);
            return options.Queue is { } queue ? new QueuedClassifier(measured, decoder, queue, model) : measured;
        }
    }

    // The first answer takes longest, and says whether there is any.
    private static ICtClassifier Answering(ICtClassifier loaded)
    {
        try
        {
            var (width, height) = (loaded.Model.Input.Width, loaded.Model.Input.Height);
            loaded.Classify(new GrayImage(width, height, new byte[width * height]));
            return loaded;
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

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
        if (name is { Length: > 0 } && !HasTheApplicationsImages(options))
        {
            return ValidateOptionsResult.Fail(
                $"{nameof(CovidCtOptions)} of {name}: {nameof(CovidCtOptions.Decoder)} and {nameof(CovidCtOptions.Canvas)} are the whole "
                    + "application's: set them by AddCovidCt without a name.");
        }

        if (options.Model is not { } model || (!File.Exists(model) && !Directory.Exists(model)))
        {
            return ValidateOptionsResult.Success; // The options themselves say that it is missing.
        }

        lock (_checking)
        {
            return _good.Contains((model, options.Device)) ? ValidateOptionsResult.Success : Tried(options, model);
        }
    }

    private ValidateOptionsResult Tried(CovidCtOptions options, string model)
    {
        try
        {
            Load(options, new NoDecoder(StudyConfiguration.DecoderOf(model))).Dispose();
            _good.Add((model, options.Device));
            return ValidateOptionsResult.Success;
        }
        catch (Exception e) when (e is WeightsException or RunFolderException or ArgumentException)
        {
            return ValidateOptionsResult.Fail($"{nameof(CovidCtOptions)}.{nameof(CovidCtOptions.Model)}: {e.Message}");
        }
    }

    private static bool HasTheApplicationsImages(CovidCtOptions options)
    {
        var (usual, decoder, canvas) = (new CovidCtOptions(), options.Decoder, options.Canvas);
        return decoder is null || canvas is null // Which is told by itself.
            || ((decoder.MaxPixels, decoder.MaxSide, decoder.MinSide)
                == (usual.Decoder.MaxPixels, usual.Decoder.MaxSide, usual.Decoder.MinSide)
            && (canvas.Fit, canvas.Placement, canvas.Fill, canvas.Seed)
                == (usual.Canvas.Fit, usual.Canvas.Placement, usual.Canvas.Fill, usual.Canvas.Seed));
    }

    // To load a model decodes nothing, and the application's decoder may need options that are being checked.
    private sealed class NoDecoder(string? name) : IImageDecoder
    {
        public string? Name => name;

        public GrayImage Decode(ReadOnlyMemory<byte> file) =>
            throw new InvalidOperationException("Nothing is decoded while options are checked.");
    }
}
