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

    /// <summary>
    /// The most bytes of a zipped series, and of the files in it together, 1 KiB to 1 GiB; one series is answered about at a time. Default:
    /// 256 MiB.
    /// </summary>
    [Range(1 << 10, 1 << 30)]
    public int MaxSeriesBytes { get; set; } = 1 << 28;

    /// <summary>How long a request about a series may take, 1 second to an hour. Default: 5 minutes.</summary>
    public TimeSpan SeriesTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, time) in new[] { (nameof(Timeout), Timeout), (nameof(SeriesTimeout), SeriesTimeout) })
        {
            if (time < TimeSpan.FromSeconds(1) || time > TimeSpan.FromHours(1))
            {
                yield return new ValidationResult(
                    $"{nameof(CovidCtServiceOptions)}.{name}: {time} is not from a second to an hour.", [name]);
            }
        }
    }
}
