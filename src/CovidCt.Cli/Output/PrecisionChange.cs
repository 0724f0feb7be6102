using System.Globalization;
using System.Text.Json.Nodes;
using CovidCt.Records;
using CovidCt.Statistics;

namespace CovidCt.Cli.Output;

/// <summary>What it changes in a network's answers on its own test images to compute in 8 bits, for people and as JSON.</summary>
/// <param name="Change">In its figures.</param>
/// <param name="Turned">How many images are put into the other class.</param>
/// <param name="Images">How many there are.</param>
/// <param name="Classes">How many classes they are of.</param>
internal sealed record PrecisionChange(NetworkStatistics.Change Change, int Turned, int Images, int Classes)
{
    private const string Points = "+0.00;−0.00;0.00";

    /// <summary>Whether the two are equal, in a sentence.</summary>
    public string Verdict => (Change.Patients?.Auc, Classes) switch
    {
        (_, 1) => "Whether they are equal can't be judged: the test images are of one class.",
        (null, _) => "Whether they are equal can't be judged: it isn't known whose the test images are.",
        ({ Value: null }, _) => "Whether they are equal can't be judged: the AUC by patient is undefined.",
        ({ Interval: null }, _) => "That they are equal isn't shown: the difference in AUC by patient has no interval.",
        ({ } auc, _) when Change.IsEquivalent => $"They are equal: the AUC by patient differs by {InPoints(auc)}, within {Margin}.",
        ({ } auc, _) => $"That they are equal isn't shown: the AUC by patient differs by {InPoints(auc)}, and not surely within {Margin}.",
    };

    private static string Margin => string.Create(
        CultureInfo.InvariantCulture, $"±{100 * NetworkStatistics.Change.Margin:0.0} points");

    /// <summary>Prints it.</summary>
    public void Print(ConsoleOutput console)
    {
        console.Line(string.Create(CultureInfo.InvariantCulture,
            $"int8 less float32 on its own {Images} test images, in percentage points with 95 % intervals; {Turned} of them "
                + $"{(Turned == 1 ? "is" : "are")} put into the other class:"));
        Print(console, "by image", Change.Images);
        if (Change.Patients is { } patients)
        {
            Print(console, "by patient", patients);
        }

        console.Line(Verdict);
    }

    /// <summary>The same for programs: fractions.</summary>
    public JsonObject ToJson() => new()
    {
        ["images"] = Images,
        ["classifiedOtherwise"] = Turned,
        ["byImage"] = ToJson(Change.Images),
        ["byPatient"] = Change.Patients is { } patients ? ToJson(patients) : null,
        ["margin"] = NetworkStatistics.Change.Margin,
        ["isEquivalent"] = Change.IsEquivalent,
        ["verdict"] = Verdict,
    };

    private static void Print(ConsoleOutput console, string unit, FigureIntervals figures) => console.Line(
        $"  {unit}: " + string.Join(", ", Named(figures).Select(figure => $"{figure.Name} {InPoints(figure.Figure)}")));

    private static JsonObject ToJson(FigureIntervals figures) => new(Named(figures).Select(figure =>
        KeyValuePair.Create<string, JsonNode?>(figure.Name.ToLowerInvariant(), new JsonObject
        {
            ["difference"] = figure.Figure.Value,
            ["low"] = figure.Figure.Interval?.Low,
            ["high"] = figure.Figure.Interval?.High,
        })));

    private static (string Name, EstimatedFigure Figure)[] Named(FigureIntervals figures) =>
    [
        ("accuracy", figures.Accuracy), ("AUC", figures.Auc), ("sensitivity", figures.Sensitivity), ("specificity", figures.Specificity),
    ];

    private static string InPoints(EstimatedFigure figure) => (figure.Value, figure.Interval) switch
    {
        (null, _) => "undefined",
        ({ } value, null) => InPoints(value),
        ({ } value, { } interval) => $"{InPoints(value)} ({InPoints(interval.Low)} to {InPoints(interval.High)})",
    };

    private static string InPoints(double fraction) => (100 * fraction).ToString(Points, CultureInfo.InvariantCulture);
}
