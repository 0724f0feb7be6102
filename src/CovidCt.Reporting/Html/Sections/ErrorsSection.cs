using System.Xml.Linq;
using CovidCt.Evaluation;
using CovidCt.Records;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Wording;
using static CovidCt.Reporting.Html.HtmlTable;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>Images that networks got wrong, images unlike those of training, and what the maps show of them and of others.</summary>
internal static class ErrorsSection
{
    private const int MostRows = 2000, MostOpenRows = 30, MostOpenPictures = 12;

    public static XElement? Of(StudyReport study, StudyFigures names, HtmlReportOptions options) =>
        study.Results is { Networks.Count: > 0 } results ? Section(study, results, names, options) : null;

    private static XElement Section(StudyReport study, CrossValidationReport results, StudyFigures names, HtmlReportOptions options) =>
        Element(
        "section", Attribute("id", "errors"),
        Element("h2", study.Given is { } given ? GivenWords.Of(given).Errors : "Misclassified and unlike images, and maps"),
        Table(study, results),
        study.Given?.Tested is null ? Unlike(study, results, names) : UnlikeOfTested(study, results),
        results.Networks.SelectMany(network => Maps(study, results, network.Name, names.DisplayName(network.Name), options)));

    private static IEnumerable<XElement> Table(StudyReport study, CrossValidationReport results)
    {
        var images = study.Runs.SelectMany(run => run.Predictions).GroupBy(prediction => prediction.Path)
            .Select(image => (
                Image: image.First(),
                Networks: image.Count(),
                Wrong: image.Where(prediction => prediction.IsWrong(results.Positive)).ToList()))
            .Where(image => image.Wrong.Count > 0)
            .OrderByDescending(image => image.Wrong.Count).ThenBy(image => image.Image.Path, StringComparer.Ordinal).ToList();
        yield return Element("p", ErrorWords.Misclassified(images.Count, results.Networks.Count));
        var shown = images.Take(MostRows).ToList();
        if (images.Count == 0)
        {
            yield break;
        }

        var table = HtmlTable.Of(
            "table-errors", $"Misclassified test images, with the probability of {results.Positive} that was given",
            [
                new("Image"), new("Class"), new("Patient"), new("Fold", true),
                .. (Column[])(results.Networks.Count == 1 ? [new("Probability", true)] : [new("Wrong", true), new("By (probability)")]),
            ],
            shown.Select(image => Element(
                "tr",
                RowHeading(image.Image.Path),
                Text(image.Image.Label),
                Text(image.Image.Patient ?? Numbers.Unknown),
                Number(Numbers.Whole(image.Image.Fold)),
                results.Networks.Count == 1
                    ? Number(Numbers.Three(image.Wrong[0].Probability))
                    : (object)new[]
                    {
                        Number($"{Numbers.Whole(image.Wrong.Count)} of {Numbers.Whole(image.Networks)}"),
                        Text(string.Join(", ", image.Wrong.OrderBy(p => p.Network, StringComparer.Ordinal)
                            .Select(p => $"{p.Network} ({Numbers.Three(p.Probability)})"))),
                    })));
        yield return Element(
            "details", images.Count <= MostOpenRows ? Attribute("open", "open") : null,
            Element("summary", ErrorWords.List(images.Count, shown.Count, "misclassified image")),
            table);
    }

    /// <summary>Test images that are further from their network's training images than nearly all others.</summary>
    private static IEnumerable<XElement> Unlike(StudyReport study, CrossValidationReport results, StudyFigures names)
    {
        var networks = results.Networks
            .Select(network => (network.Name, Runs: study.RunsOf(network.Name).Where(run => run.Distances.Count > 0).ToList()))
            .Where(network => network.Runs.Count > 0).ToList();
        if (networks.Count == 0)
        {
            yield break;
        }

        if (networks.TrueForAll(network =>
            network.Runs.Sum(run => run.Distances.Count) - network.Runs.Min(run => run.Distances.Count) < TestDistance.FewestImages()))
        {
            yield return Element("p", Class("small"), ErrorWords.TooFewToTell());
            yield break;
        }

        var predictions = study.Runs.SelectMany(run => run.Predictions).ToDictionary(prediction => (prediction.Network, prediction.Path));
        var rows = networks.SelectMany(network => TestDistance.Unlike([.. network.Runs.Select(run => run.Distances)])
            .Where(image => predictions.ContainsKey((network.Name, image.Path)))
            .Select(image => (
                Network: names.DisplayName(network.Name),
                Image: image,
                Prediction: predictions[(network.Name, image.Path)]))).ToList();
        var wrong = rows.Count(row => row.Prediction.IsWrong(results.Positive));
        yield return Element("p", ErrorWords.Unlike(rows.Count, wrong, networks.Count));
        if (rows.Count > 0)
        {
            yield return UnlikeList(
                rows.Count,
                "Test images that are unlike the training images, by the distance between features",
                results.Positive,
                [.. rows.Select(row => new UnlikeRow(row.Prediction, row.Image.Distance, row.Image.Threshold, row.Network))]);
        }
    }

    /// <summary>Images that a network which was tested says are unlike those it was trained on.</summary>
    private static IEnumerable<XElement> UnlikeOfTested(StudyReport study, CrossValidationReport results)
    {
        if (!study.Given!.Tested!.TellsUnlike)
        {
            yield return Element("p", TestedWords.NotTold);
            yield break;
        }

        var predictions = study.Runs.SelectMany(run => run.Predictions).ToDictionary(prediction => prediction.Path, StringComparer.Ordinal);
        var measured = study.Runs.SelectMany(run => run.Answers).Where(answer => answer.Distance is not null)
            .Select(answer => (Distance: answer.Distance!, Prediction: predictions[answer.Path])).ToList();
        var unlike = measured.Where(image => image.Distance.IsUnlike)
            .OrderByDescending(image => image.Distance.Distance - image.Distance.Threshold)
            .ThenBy(image => image.Prediction.Path, StringComparer.Ordinal).ToList();
        yield return Element(
            "p", TestedWords.Unlike(unlike.Count, measured.Count, unlike.Count(image => image.Prediction.IsWrong(results.Positive))));
        if (unlike.Count > 0)
        {
            yield return UnlikeList(
                unlike.Count,
                "Images that are unlike the training images, by the distance between features",
                results.Positive,
                [
                    .. unlike.Take(MostRows)
                        .Select(image => new UnlikeRow(image.Prediction, image.Distance.Distance, image.Distance.Threshold)),
                ]);
        }
    }

    /// <summary>The list of images that are unlike those of training; with their networks and folds where there are several.</summary>
    private static XElement UnlikeList(int all, string caption, string positive, IReadOnlyList<UnlikeRow> shown)
    {
        var isOfFolds = shown[0].Network is not null;
        return Element(
            "details",
            Element("summary", ErrorWords.List(all, shown.Count, "unlike image")),
            HtmlTable.Of(
                "table-unlike", caption,
                [
                    new("Image"), new("Class"), .. isOfFolds ? (Column[])[new("Network"), new("Fold", true)] : [], new("Distance", true),
                    new("Threshold", true), new($"Probability of {positive}", true),
                ],
                shown.Select(row => Element(
                    "tr",
                    RowHeading(row.Prediction.Path),
                    Text(row.Prediction.Label),
                    isOfFolds ? new[] { Text(row.Network!), Number(Numbers.Whole(row.Prediction.Fold)) } : null,
                    Number(Numbers.Three(row.Distance)),
                    Number(Numbers.Three(row.Threshold)),
                    Number(Numbers.Three(row.Prediction.Probability) + Mark(row.Prediction, positive))))));
    }

    private static IEnumerable<XElement> Maps(
        StudyReport study, CrossValidationReport results, string network, string displayName, HtmlReportOptions options)
    {
        var images = study.RunsOf(network).SelectMany(run => run.Maps.Select(image => (Image: image, run.Fold))).ToList();
        if (images.Count == 0)
        {
            yield break;
        }

        var wrong = images.Where(entry => entry.Image.IsMisclassified)
            .OrderByDescending(entry => entry.Image.Sureness)
            .ThenBy(entry => entry.Image.Path, StringComparer.Ordinal).ToList();
        var right = images.Where(entry => !entry.Image.IsMisclassified).OrderBy(entry => entry.Image.Path, StringComparer.Ordinal).ToList();
        var mostWrong = options.MisclassifiedPictures / results.Networks.Count;
        yield return Element("h3", $"Maps of {displayName}");
        yield return Element(
            "p", Class("small"),
            "Each image beside the same image under a map of what spoke for the class named. A map shows where, not why; it is no proof "
                + "that the network looked at disease. ",
            ErrorWords.Shown(wrong.Count, mostWrong, "misclassified image"), " ", ErrorWords.Shown(
                right.Count,
                options.OtherPictures,
                "other image"));
        yield return Element(
            "div",
            Class("pairs"),
            wrong.Take(Math.Min(mostWrong, MostOpenPictures)).Concat(right.Take(options.OtherPictures)).Select(Shown));
        var further = wrong.Take(mostWrong).Skip(MostOpenPictures).ToList();
        if (further.Count > 0)
        {
            yield return Element(
                "details",
                Element("summary", $"{Numbers.Counted(further.Count, "further misclassified image")} of {displayName}"),
                Element("div", Class("pairs"), further.Select(Shown)));
        }

        XElement Shown((MapEntry Image, int Fold) entry) => Pair(entry.Image, entry.Fold, results.Positive, options);
    }

    private static string Mark(Prediction prediction, string positive) =>
        prediction.IsWrong(positive) ? " (wrong)" : "";

    private static XElement Pair(MapEntry image, int fold, string positive, HtmlReportOptions options)
    {
        var outcome = image.IsMisclassified ? $"{image.Label}, called {image.Predicted}" : $"{image.Label}, called so";
        return Element(
            "figure", Class(image.IsMisclassified ? "pair wrong" : "pair"),
            Element(
                "div",
                Picture(image.OriginalFile, $"{image.Path}: the image", options),
                Picture(image.OverlayFile, $"{image.Path}: the same under the {image.MethodName} map of {image.ExplainedClass}", options)),
            Element(
                "figcaption",
                Element("strong", outcome),
                $" (probability of {positive} {Numbers.Three(image.Probability)}), {image.MethodName} of {image.ExplainedClass}, fold "
                    + $"{Numbers.Whole(fold)}",
                Element("br"),
                Element("span", Class("path"), image.Path)));
    }

    private static XElement Picture(string file, string alt, HtmlReportOptions options)
    {
        var (webp, width, height) = Pictures.ForWeb(file, options.PictureSize);
        return Element(
            "img", Attribute("src", "data:image/webp;base64," + Convert.ToBase64String(webp)), Attribute("width", width),
            Attribute("height", height), Attribute("alt", alt));
    }

    /// <summary>An image that is unlike those of training; with its network where there are several of them and folds.</summary>
    private sealed record UnlikeRow(Prediction Prediction, double Distance, double Threshold, string? Network = null);
}
