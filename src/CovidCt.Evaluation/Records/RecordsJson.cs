using System.Text.Json.Serialization;
using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Recipes;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>The records that lie in a study's folder, known to the compiler, so that applications can be trimmed.</summary>
/// <remarks>
/// Properties that are set at initialisation get null or 0 where a file leaves them out, whatever value they begin with.
/// </remarks>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(CalibrationFile))]
[JsonSerializable(typeof(ControlReport))]
[JsonSerializable(typeof(EmbeddingReport))]
[JsonSerializable(typeof(GivenPredictions))]
[JsonSerializable(typeof(IReadOnlyList<MapEntry?>))]
[JsonSerializable(typeof(LeaseRecord))]
[JsonSerializable(typeof(MachineFacts))]
[JsonSerializable(typeof(RecipeChoice))]
[JsonSerializable(typeof(RecipeSearch))]
[JsonSerializable(typeof(RunMapAudit))]
[JsonSerializable(typeof(RunMapAudit.Older))]
[JsonSerializable(typeof(StudyConfiguration.Facts))]
[JsonSerializable(typeof(StudyConfiguration.Places))]
[JsonSerializable(typeof(StudyOptions))]
internal sealed partial class RecordsJson : JsonSerializerContext
{
    /// <summary>As files have them.</summary>
    public static RecordsJson Files { get; } = new(JsonFiles.Options(
        JsonFiles.Names<BaselineMap>(),
        JsonFiles.Names<CamMethod>(),
        JsonFiles.Names<CanvasFit>(),
        JsonFiles.Names<CanvasPlacement>(),
        JsonFiles.Names<ChoiceFigure>(),
        JsonFiles.Names<ChoiceRule>(),
        JsonFiles.Names<ClusterUnit>(),
        JsonFiles.Names<ComputeDevice>(),
        JsonFiles.Names<ControlKind>(),
        JsonFiles.Names<ControlReport.Classifier>(),
        JsonFiles.Names<HeadStart>(),
        JsonFiles.Names<LeaseRecord.Outcome>(),
        JsonFiles.Names<NetworkPart>(),
        JsonFiles.Names<RowSampling>()));
}
