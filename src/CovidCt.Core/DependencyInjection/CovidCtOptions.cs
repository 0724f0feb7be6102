using System.ComponentModel.DataAnnotations;
using CovidCt.Imaging;
using CovidCt.Weights;

namespace CovidCt.DependencyInjection;

/// <summary>What an application sets when it adds CovidCt.</summary>
public sealed class CovidCtOptions : IValidatableObject
{
    /// <summary>
    /// The trained network of the classifier: a run's <c>network.safetensors</c>, or the run folder. Null, the default,
    /// is right for an application that trains only; resolving the classifier is an error then.
    /// </summary>
    public string? Model { get; set; }

    /// <summary>How <see cref="CanvasTransform"/> brings images to the networks' inputs. Default: the paper's canvas.</summary>
    [Required]
    public CanvasOptions Canvas { get; set; } = new();

    /// <summary>Where <see cref="WeightsStore"/> keeps published weights, and how it fetches them.</summary>
    [Required]
    public WeightsStoreOptions Weights { get; set; } = new();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Model is not null && !File.Exists(Model) && !Directory.Exists(Model))
        {
            yield return new ValidationResult(
                $"{nameof(CovidCtOptions)}.{nameof(Model)}: {Model} isn't there. Give a run's network.safetensors or its folder.",
                [nameof(Model)]);
        }

        List<ValidationResult> results = [];
        foreach (var part in (object?[])[Canvas, Weights])
        {
            if (part is not null)
            {
                Validator.TryValidateObject(part, new ValidationContext(part), results, validateAllProperties: true);
            }
        }

        foreach (var result in results)
        {
            yield return result;
        }
    }
}
