using System.ComponentModel.DataAnnotations;
using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Recipes;

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
                $"{nameof(CovidCtOptions)}.{nameof(Model)}: AddCovidCt was called with {string.Join(" and with ", ModelsAdded)}. An "
                    + "application has one; load others by CtClassifier.Load, and register them under keys.",
                [nameof(Model)]);
        }

        foreach (var result in (ValidationResult[])[.. OptionsValidation.Failures(Decoder), .. OptionsValidation.Failures(Canvas)])
        {
            yield return result;
        }
    }
}
