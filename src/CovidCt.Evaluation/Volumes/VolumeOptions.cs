using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace CovidCt.Volumes;

/// <summary>How images are made of volumes.</summary>
public sealed class VolumeOptions
{
    private const string OwnWindow = "file", WindowsName = "windows", LungsName = "lungs", SlicesName = "slices";

    /// <summary>
    /// Through which windows slices are shown; null among them stands for the first that each file asks for, and files without are refused.
    /// Default: <see cref="CtWindow.Lung"/> alone. Of several, each slice gives an image for each.
    /// </summary>
    [NotEmpty]
    public IReadOnlyList<CtWindow?> Windows { get; set; } = [CtWindow.Lung];

    /// <summary>
    /// Which share of a slice lungs must be for it to be an image of a data set, in [0, 1] (<see cref="LungMask"/>). Default 0.01; 0 takes
    /// all.
    /// </summary>
    [Range(0d, 1d)]
    public double LeastLungs { get; set; } = 0.01;

    /// <summary>
    /// How many slices of each volume are images of a data set at most, evenly spread over it, at least 1. Default: null, which takes all.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? SlicesPerVolume { get; set; }

    /// <summary>Reads options as <see cref="ToString"/> writes them.</summary>
    /// <param name="text">The options.</param>
    /// <returns>Null where they are none.</returns>
    public static VolumeOptions? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var options = new VolumeOptions();
        foreach (var part in text.Split(", "))
        {
            var isRead = part.Split(' ') switch
            {
                [WindowsName, .. { Length: > 0 } windows] => TakeWindows(windows),
                [LungsName, var share] when double.TryParse(
                    share, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var least) =>
                    (options.LeastLungs = least) <= 1,
                [SlicesName, var count] when int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var most) =>
                    (options.SlicesPerVolume = most) > 0,
                _ => false,
            };
            if (!isRead)
            {
                return null;
            }
        }

        return options;

        bool TakeWindows(string[] words)
        {
            options.Windows = [.. words.Select(word => word == OwnWindow ? null : CtWindow.Parse(word))];
            return words.Zip(options.Windows).All(pair => pair.First == OwnWindow || pair.Second is not null);
        }
    }

    /// <summary>All options in words, such as <c>windows -600/1500, lungs 0.01</c>.</summary>
    public override string ToString()
    {
        var windows = string.Join(' ', Windows.Select(window => window?.ToString() ?? OwnWindow));
        return FormattableString.Invariant($"{WindowsName} {windows}, {LungsName} {LeastLungs:0.################}")
            + (SlicesPerVolume is { } most ? FormattableString.Invariant($", {SlicesName} {most}") : "");
    }
}
