using System.Globalization;
using CovidCt.Maps;
using Microsoft.AspNetCore.Http;

namespace CovidCt.AspNetCore;

/// <summary>Which map a request asks for, by its query.</summary>
/// <param name="Options">How the map is made.</param>
/// <param name="Label">The class that is explained; null takes the most probable one.</param>
/// <param name="Opacity">How much of the slice the hottest colour hides, in [0, 1].</param>
internal sealed record Wish(GradCamOptions Options, string? Label, double Opacity)
{
    private const double UsualOpacity = 0.6;

    private static readonly Dictionary<string, CamMethod> Methods = new(StringComparer.Ordinal)
    {
        ["grad-cam"] = CamMethod.GradCam,
        ["grad-cam++"] = CamMethod.GradCamPlusPlus,
        ["layer-cam"] = CamMethod.LayerCam,
    };

    /// <summary>What a request asks for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="classes">The model's classes.</param>
    /// <exception cref="UploadException">It asks for what there isn't.</exception>
    public static Wish Of(HttpRequest request, IReadOnlyList<string> classes)
    {
        string? method = request.Query["method"], label = request.Query["label"], opacity = request.Query["opacity"];
        var strength = UsualOpacity;
        if (method is not null && !Methods.ContainsKey(method))
        {
            throw Wrong("method", $"one of {string.Join(", ", Methods.Keys)}");
        }

        if (label is not null && !classes.Contains(label))
        {
            throw Wrong("label", $"one of {string.Join(", ", classes.Take(20))}");
        }

        if (opacity is not null && !(double.TryParse(opacity, NumberStyles.Float, CultureInfo.InvariantCulture, out strength)
            && strength is >= 0 and <= 1))
        {
            throw Wrong("opacity", "a number from 0 to 1");
        }

        return new(new() { Method = method is null ? CamMethod.GradCam : Methods[method] }, label, strength);
    }

    private static UploadException Wrong(string name, string right) =>
        new(StatusCodes.Status400BadRequest, $"The parameter {name} is wrong: give {right}.");
}
