using System.Text.Json.Serialization;
using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>
/// What an audit found of the maps of a run: means over its images, as they stand in <c>maps/audit.json</c>.
/// </summary>
/// <param name="Method">How the maps were made.</param>
/// <param name="Layer">The explained layer; null for the feature map that global pooling receives.</param>
/// <param name="Grid">The cells of the maps.</param>
/// <param name="Images">The number of audited images, all of the run's test part; each map is of the class answered.</param>
/// <param name="Drawn">What is drawn as a whole for the intervals, as for a study's own figures.</param>
/// <param name="Clusters">How many of these the images are of.</param>
/// <param name="Figures">What the maps are worth.</param>
/// <param name="Baselines">What maps are worth that know nothing of the network, on the same images.</param>
/// <param name="PaddingShare">The mean share of the canvas that is padding, in [0, 1].</param>
/// <param name="Deletion">The mean deletion curve.</param>
/// <param name="Insertion">The mean insertion curve.</param>
/// <param name="Road">The mean ROAD curves.</param>
/// <param name="Randomisation">The cascading randomisation, from the head down.</param>
/// <param name="Networks">
/// How many networks were compared by <paramref name="Agreement"/>, the run's own among them; 1 where there was no other. Where one
/// or more of the others trained on none of the images, only those were compared.
/// </param>
/// <param name="TrainedNetworks">
/// How many of them trained on some of the images: in a cross-validation all but the run's own, since each image is tested once.
/// </param>
/// <param name="Agreement">
/// The mean rank correlation between the maps of each two of them, in [−1, 1]; undefined of a single network.
/// </param>
/// <param name="Findings">The images whose findings are marked; null where none are.</param>
public sealed record RunMapAudit(
    CamMethod Method,
    string? Layer,
    ImageSize Grid,
    int Images,
    ClusterUnit Drawn,
    int Clusters,
    MapFigures Figures,
    IReadOnlyList<RunMapAudit.Baseline> Baselines,
    double PaddingShare,
    PerturbationCurve Deletion,
    PerturbationCurve Insertion,
    RoadCurves Road,
    IReadOnlyList<RandomisationLevel> Randomisation,
    int Networks,
    int TrainedNetworks,
    EstimatedFigure Agreement,
    FindingsAudit? Findings)
{
    /// <summary>How much of the maps lies in the lungs; null where of no audited image it is known where they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LungsAudit? Lungs { get; init; }

    /// <summary>The method as papers write it, such as <c>Grad-CAM</c>.</summary>
    public string MethodName => Method.InPapers();

    /// <summary>Reads <c>audit.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">
    /// It is no such file, or damaged, or of an older version, which measured something else by the same name.
    /// </exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static RunMapAudit Read(string path)
    {
        try
        {
            return JsonFiles.Read(path, RecordsJson.Files.RunMapAudit, "is no audit of maps");
        }
        catch (InvalidDataException e) when (IsOlder(path))
        {
            throw new InvalidDataException(
                $"{path} is an audit of maps by an older version, whose evidence was of one logit alone. Audit the maps again.", e);
        }
    }

    /// <summary>Writes the file, which is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Write(string path) => JsonFiles.Write(path, this, RecordsJson.Files.RunMapAudit);

    private static bool IsOlder(string path)
    {
        try
        {
            _ = JsonFiles.Read(path, RecordsJson.Files.Older, "is no older audit");
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>What maps that know nothing of the network are worth on the images of an audit.</summary>
    /// <param name="Map">Which maps.</param>
    /// <param name="Figures">What they are worth.</param>
    /// <param name="Difference">What the network's maps have more than they, image by image.</param>
    public sealed record Baseline(BaselineMap Map, MapFigures Figures, MapFigures Difference);

    /// <summary>What tells an older version's file, which had the figures beside each other and no intervals.</summary>
    internal sealed record Older(CamMethod Method, double? Evidence, double? Faithfulness);
}
