using CovidCt.Data;

namespace CovidCt.Records;

/// <summary>Which column of a file of predictions holds what, by the names that programs give them.</summary>
/// <param name="Path">Names the image.</param>
/// <param name="Label">Its class.</param>
/// <param name="Probability">That of the positive class.</param>
/// <param name="Patient">Whose image it is; below 0 where no column says it, as of the others.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Model">What answered.</param>
/// <param name="Fold">Which fold tested it.</param>
/// <param name="Seed">From which seed the model was trained.</param>
internal sealed record PredictionColumns(
    int Path, int Label, int Probability, int Patient, int Source, int Model, int Fold, int Seed)
{
    private const int None = -1;

    private static readonly Role OfPath = new(
        "path", "the images", ["path", "filepath", "imagepath", "image", "imagename", "imagefile", "img", "imgpath", "filename", "file"],
        ["id", "imageid", "case", "caseid", "casename", "sample", "sampleid", "slice", "sliceid", "name"]);

    private static readonly Role OfLabel = new(
        "label", "the labels", ["label", "labels", "truelabel", "actuallabel", "ytrue", "groundtruth", "gt", "target", "truth", "actual"],
        ["class", "trueclass", "classname", "diagnosis", "y", "outcome"]);

    private static readonly Role OfProbability = new(
        "probability",
        "the probabilities",
        [
            "probability", "probabilities", "prob", "proba", "predictedprobability", "predprob", "predproba", "ypredproba", "yprob",
            "yproba", "yscore", "score", "scores", "positiveprobability", "p",
        ],
        ["pred", "prediction", "predictions", "predicted", "ypred", "yhat", "output", "confidence", "malignancy", "risk"]);

    private static readonly Role OfPatient = new(
        "patient", "the patients", ["patient", "patientid", "subject", "subjectid", "pid", "participant", "participantid"]);

    private static readonly Role OfSource = new(
        "source", "the sources", ["source", "sourceid", "site", "siteid", "institution", "center", "centre", "hospital", "clinic"]);

    private static readonly Role OfModel = new(
        "model", "the models", ["model", "modelname", "network", "method", "classifier", "estimator", "algorithm", "architecture"]);

    private static readonly Role OfFold = new("fold", "the folds", ["fold", "foldid", "cvfold", "kfold"]);

    private static readonly Role OfSeed = new(
        "seed", "the seeds", ["seed", "randomseed", "randomstate", "run", "runid", "repetition", "repeat"]);

    private static readonly Role[] Roles = [OfPath, OfLabel, OfProbability, OfPatient, OfSource, OfModel, OfFold, OfSeed];

    // Before the name of a class, as in p_COVID.
    private static readonly string[] BeforeAClass = ["p", "prob", "proba", "probability", "score", "pred"];

    /// <summary>What a column may hold.</summary>
    public static IReadOnlyList<string> Meanings { get; } = [.. Roles.Select(role => role.Meaning)];

    /// <summary>Each meaning with its column, of those that there are.</summary>
    public IEnumerable<(string Meaning, int Column)> Known => Roles.Select(role => role.Meaning)
        .Zip([Path, Label, Probability, Patient, Source, Model, Fold, Seed]).Where(known => known.Second >= 0);

    /// <summary>Finds the columns of a file, but for the probabilities where that takes the name of the positive class.</summary>
    /// <param name="file">The file.</param>
    /// <param name="chosen">By meaning, names that somebody chose.</param>
    /// <exception cref="GivenPredictions.ColumnException">Images or labels are in no column, or something may be in several.</exception>
    public static PredictionColumns Of(DelimitedFile file, IReadOnlyDictionary<string, string> chosen)
    {
        var found = Roles.Select(role => Find(file, role, chosen)).ToArray();
        return new(
            Required(file, OfPath, found[0]), Required(file, OfLabel, found[1]), found[2], found[3], found[4], found[5], found[6],
            found[7]);
    }

    /// <summary>The same with the probabilities, whose column may be named after the positive class, as in <c>p_COVID</c>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <exception cref="GivenPredictions.ColumnException">They are in no column, or may be in several.</exception>
    public PredictionColumns WithProbability(DelimitedFile file, string positive)
    {
        if (Probability >= 0)
        {
            return this;
        }

        var names = BeforeAClass.Select(prefix => prefix + Key(positive)).Append(Key(positive)).ToHashSet(StringComparer.Ordinal);
        var column = Only(file, OfProbability, [.. Places(file, names.Contains)]) ?? None;
        return this with { Probability = Required(file, OfProbability, column) };
    }

    /// <summary>The column of a name: as it is, or but for case, blanks, hyphens and underscores.</summary>
    /// <returns>Its place; below 0 where there is none.</returns>
    public static int Named(DelimitedFile file, string name)
    {
        int[] same = [.. Places(file, header => header == name, exact: true)];
        return same is [var only] ? only : Places(file, key => key == Key(name)).ToArray() is [var alike] ? alike : None;
    }

    private static int Find(DelimitedFile file, Role role, IReadOnlyDictionary<string, string> chosen)
    {
        if (chosen.TryGetValue(role.Meaning, out var name))
        {
            return name.Length == 0 ? None : Named(file, name) is >= 0 and var place ? place
                : throw new ArgumentException($"{file.Path} has no column '{name}' or has it twice. {Listed(file)}");
        }

        return role.Names.Select(names => Only(file, role, [.. Places(file, names.Contains)])).FirstOrDefault(column => column is not null)
            ?? None;
    }

    private static int? Only(DelimitedFile file, Role role, int[] columns) => columns switch
    {
        [] => null,
        [var one] => one,
        [var one, var other, ..] => throw new GivenPredictions.ColumnException(
            $"{file.Path}: both the column '{file.Header[one]}' and the column '{file.Header[other]}' may hold {role.What}; say which "
                + "does.",
            role.Meaning),
    };

    private static int Required(DelimitedFile file, Role role, int column) => column >= 0 ? column
        : throw new GivenPredictions.ColumnException(
            $"No column of {file.Path} is named as one of {role.What} is. {Listed(file)}", role.Meaning);

    private static string Listed(DelimitedFile file) => $"Its columns are {string.Join(", ", file.Header.Select(name => $"'{name}'"))}.";

    private static IEnumerable<int> Places(DelimitedFile file, Func<string, bool> isIt, bool exact = false) =>
        Enumerable.Range(0, file.Header.Count).Where(column => isIt(exact ? file.Header[column] : Key(file.Header[column])));

    private static string Key(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>What a column may hold.</summary>
    /// <param name="Meaning">Its name in options and reports.</param>
    /// <param name="What">What it is called in a sentence.</param>
    /// <param name="Names">Of such columns, without blanks and marks; later ones count where there are none of the earlier.</param>
    private sealed record Role(string Meaning, string What, params string[][] Names);
}
