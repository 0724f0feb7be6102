using System.ComponentModel.DataAnnotations;

namespace CovidCt.AspNetCore;

/// <summary>
/// What a service takes. How many calls wait for a model is its <see cref="Serving.QueueOptions"/>, which
/// <c>AddCovidCtService</c> gives each model that has none.
/// </summary>
public sealed class CovidCtServiceOptions : IValidatableObject
{
    /// <summary>The most bytes of an upload, 1 KiB to 512 MiB. Default: 16 MiB.</summary>
    [Range(1 << 10, 1 << 29)]
    public int MaxBytes { get; set; } = 16 << 20;

    /// <summary>
    /// The most pixels of an image, 1 to 2^28, where <see cref="Imaging.ImageFileDecoder.Limits.MaxPixels"/> isn't less. Default: 16 Mi
    /// (16,777,216), whose decoding takes up to 84 MB.
    /// </summary>
    [Range(1, 1 << 28)]
    public int MaxPixels { get; set; } = 16 << 20;

    /// <summary>How long a request may take, from its first byte to its answer, 1 second to an hour. Default: 30 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromHours(1))
        {
            yield return new ValidationResult(
                $"{nameof(CovidCtServiceOptions)}.{nameof(Timeout)}: {Timeout} is not from a second to an hour.", [nameof(Timeout)]);
        }
    }
}
