using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Networks;
using CovidCt.Records;
using CovidCt.Studies;
using Microsoft.Extensions.Options;

namespace CovidCt.DependencyInjection;

/// <summary>The model that options name, of whichever kind it is, and the check that it can be loaded.</summary>
/// <param name="backbones">Makes the networks.</param>
internal sealed class ConfiguredModel(IBackboneFactory backbones) : IValidateOptions<CovidCtOptions>
{
    private readonly Lock _checking = new();
    private (string Model, Recipes.ComputeDevice Device)? _good;

    /// <summary>Loads the model.</summary>
    /// <exception cref="ArgumentException">The device isn't there.</exception>
    /// <exception cref="RunFolderException">A fold is missing, not finished, or of other settings than the first.</exception>
    /// <exception cref="WeightsException">A file is missing or broken, or no trained network.</exception>
    public static ICtClassifier Load(CovidCtOptions options, IBackboneFactory backbones, IImageDecoder decoder)
    {
        var model = options.Model ?? throw new InvalidOperationException(
            $"No trained network is set. Set {nameof(CovidCtOptions)}.{nameof(CovidCtOptions.Model)}: "
                + "services.AddCovidCt(options => options.Model = \"path/to/network.safetensors\").");
        if (File.Exists(model) && CtEnsemble.IsSavedIn(model))
        {
            return CtEnsemble.Load(model, backbones, decoder, options.Device);
        }

        return FinishedRun.HoldsFolds(model)
            ? FinishedRun.LoadEnsemble(model, backbones, decoder, options.Device)
            : CtClassifier.Load(model, backbones, decoder, options.Device);
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
            Load(options, backbones, new SkiaImageDecoder()).Dispose();
            _good = (model, options.Device);
            return ValidateOptionsResult.Success;
        }
        catch (Exception e) when (e is WeightsException or RunFolderException or ArgumentException)
        {
            return ValidateOptionsResult.Fail($"{nameof(CovidCtOptions)}.{nameof(CovidCtOptions.Model)}: {e.Message}");
        }
    }
}
