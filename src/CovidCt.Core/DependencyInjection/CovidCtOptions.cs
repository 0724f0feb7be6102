using System.ComponentModel.DataAnnotations;
using CovidCt.Imaging;

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

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Model is not null && !File.Exists(Model) && !Directory.Exists(Model))
        {
            yield return new ValidationResult(
                $"{nameof(CovidCtOptions)}.{nameof(Model)}: {Model} isn't there. Give a run's network.safetensors or its folder.",
                [nameof(Model)]);
        }

        List<ValidationResult> canvas = [];
        if (Canvas is not null && !Validator.TryValidateObject(Canvas, new ValidationContext(Canvas), canvas, validateAllProperties: true))
        {
            foreach (var result in canvas)
            {
                yield return result;
            }
        }
    }
}
