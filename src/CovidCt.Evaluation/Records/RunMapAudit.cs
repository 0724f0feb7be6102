using CovidCt.Imaging;
using CovidCt.Maps;

namespace CovidCt.Records;

/// <summary>
/// What an audit found of the maps of a run: means over its images, as they stand in <c>maps/audit.json</c>.
/// </summary>
/// <param name="Method">How the maps were made.</param>
/// <param name="Layer">The explained layer; null for the feature map that global pooling receives.</param>
/// <param name="Grid">The cells of the maps.</param>
/// <param name="Images">The number of audited images, all of the run's test part; each map is of the class answered.</param>
/// <param name="Evidence">How much more the marked patches hold than the others, in logits.</param>
/// <param name="Faithfulness">
/// The mean correlation of the map with what the network loses without a patch, in [−1, 1]; null where none is defined.
/// </param>
/// <param name="EnergyOutside">
/// The mean share of the map's energy that lies in the padding, in [0, 1]; null where no map has energy.
/// </param>
/// <param name="PaddingShare">The mean share of the canvas that is padding, in [0, 1].</param>
/// <param name="Deletion">The mean deletion curve.</param>
/// <param name="Insertion">The mean insertion curve.</param>
/// <param name="Road">The mean ROAD curves.</param>
/// <param name="Randomisation">The cascading randomisation, from the head down.</param>
/// <param name="Networks">
/// How many folds' networks were compared by <paramref name="Agreement"/>; 1 where only this run was finished.
/// </param>
/// <param name="Agreement">The mean rank correlation between their maps, in [−1, 1]; null of a single network.</param>
/// <param name="Findings">What the maps of marked images have to do with the findings; null where nothing is marked.</param>
public sealed record RunMapAudit(
    CamMethod Method,
    string? Layer,
    ImageSize Grid,
    int Images,
    double? Evidence,
    double? Faithfulness,
    double? EnergyOutside,
    double PaddingShare,
    PerturbationCurve Deletion,
    PerturbationCurve Insertion,
    RoadCurves Road,
    IReadOnlyList<RandomisationLevel> Randomisation,
    int Networks,
    double? Agreement,
    FindingsAudit? Findings)
{
    /// <summary>The method as papers write it, such as <c>Grad-CAM</c>.</summary>
    public string MethodName => Method.InPapers();

    /// <summary>Reads <c>audit.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static RunMapAudit Read(string path) => JsonFiles.Read<RunMapAudit>(path, "is no audit of maps");

    /// <summary>Writes the file, which is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Write(string path) => JsonFiles.Write(path, this);
}
