using System.ComponentModel.DataAnnotations;
using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Recipes;
using CovidCt.Serving;

namespace CovidCt.Registration;

/// <summary>What an application sets when it adds CovidCt.</summary>
public sealed class CovidCtOptions : IValidatableObject
{
    /// <summary>
    /// What <see cref="ICtClassifier"/> answers with: a run's <c>network.safetensors</c> or its run folder, the file of an ensemble, or the
    /// folder of a network's folds, which answer as one (<c>AddCovidCt</c>, of CovidCt.Core); or an ONNX file (<c>AddCovidCtOnnx</c>, of
    /// CovidCt.Onnx). It is loaded once when options are checked, so that what is broken is found at
    /// start. Null, the default, is right for an application that trains only; resolving the classifier is an error then.
    /// </summary>
    public string? Model { get; set; }

    /// <summary>Where the model answers. Default: the processor.</summary>
    [EnumDataType(typeof(ComputeDevice))]
    public ComputeDevice Device { get; set; } = ComputeDevice.Cpu;

    /// <summary>Which sizes of images are decoded, unless the application registers a decoder of its own.</summary>
    [Required]
    public ImageFileDecoder.Limits Decoder { get; set; } = new();

    /// <summary>How <see cref="CanvasTransform"/> brings images to the networks' inputs. Default: the paper's canvas.</summary>
    [Required]
    public CanvasOptions Canvas { get; set; } = new();

    /// <summary>
    /// How calls wait for the model, where many ask at once. Null, the default: nobody waits for others, and each image is a pass of its
    /// own.
    /// </summary>
    public QueueOptions? Queue { get; set; }

    /// <summary>
    /// How often the model's file, or the files of its folder, are looked after, 50 ms to a day: what has changed, and has been at rest
    /// for as long, is loaded and has to answer once before it takes the earlier one's place; calls that are under way end with that. What
    /// can't be used is logged, and the earlier one goes on. Null, the default: it isn't looked after.
    /// </summary>
    /// <remarks>
    /// A file is replaced whole, by a new one that is renamed to its name, as this library writes all files.
    /// </remarks>
    public TimeSpan? ReloadInterval { get; set; }

    /// <summary>Each model that a call of <c>AddCovidCt</c> set.</summary>
    internal HashSet<string> ModelsAdded { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Model is not null && !File.Exists(Model) && !Directory.Exists(Model))
        {
            yield return new ValidationResult(
                $"{nameof(CovidCtOptions)}.{nameof(Model)}: {Model} isn't there. Give a run's network.safetensors or its folder.",
                [nameof(Model)]);
        }

        if (ModelsAdded.Count > 1)
        {
            yield return new ValidationResult(
                $"{nameof(CovidCtOptions)}.{nameof(Model)}: AddCovidCt was called with {string.Join(" and with ", ModelsAdded)}. Give "
                    + "each model a name of its own: AddCovidCt(\"NAME\", …).",
                [nameof(Model)]);
        }

        if (ReloadInterval is { } interval && (interval < TimeSpan.FromMilliseconds(50) || interval > TimeSpan.FromDays(1)))
        {
            yield return new ValidationResult(
                $"{nameof(CovidCtOptions)}.{nameof(ReloadInterval)}: {interval} is not from 50 milliseconds to a day.",
                [nameof(ReloadInterval)]);
        }

        foreach (var result in (ValidationResult[])
            [.. OptionsValidation.Failures(Decoder), .. OptionsValidation.Failures(Canvas), .. OptionsValidation.Failures(Queue)])
        {
            yield return result;
        }
    }
}
