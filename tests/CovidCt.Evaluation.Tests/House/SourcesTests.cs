using System.Text.RegularExpressions;

namespace CovidCt.Evaluation.Tests.House;

public sealed partial class SourcesTests
{
    private const int Columns = 140;
    private const int MostPublicTypes = 140;

    // Each line of these lists is one to take away.
    private static readonly string[] LongLines =
    [
        "CovidCt.Cli/CommandLine.cs",
        "CovidCt.Cli/Commands/AuditCommand.cs",
        "CovidCt.Cli/Commands/EnsembleCommand.cs",
        "CovidCt.Cli/Commands/ExplainCommand.cs",
        "CovidCt.Cli/Commands/LibtorchSelfTest.cs",
        "CovidCt.Cli/Commands/PredictCommand.cs",
        "CovidCt.Cli/Commands/ReproduceCommand.cs",
        "CovidCt.Cli/Commands/WeightsCommand.cs",
        "CovidCt.Cli/ExitCodes.cs",
        "CovidCt.Cli/Output/DownloadDisplay.cs",
        "CovidCt.Cli/Output/FoldBalance.cs",
        "CovidCt.Cli/Output/StudyDisplay.cs",
        "CovidCt.Cli/ThreadWaiting.cs",
        "CovidCt.Core/Augmentation/AugmentationPlan.cs",
        "CovidCt.Core/Augmentation/ChannelKernel.cs",
        "CovidCt.Core/Compute/FreedMemory.cs",
        "CovidCt.Core/Embedding/InterpolatedRepulsion.cs",
        "CovidCt.Core/Embedding/PlacementForces.cs",
        "CovidCt.Core/Embedding/Tsne.cs",
        "CovidCt.Core/Optimisation/LambKernel.cs",
        "CovidCt.Core/Optimisation/LambOptimizer.cs",
        "CovidCt.Core/Studies/CrossValidator.cs",
        "CovidCt.Core/Studies/FinishedFolds.cs",
        "CovidCt.Core/Studies/FinishedRun.cs",
        "CovidCt.Core/Studies/Jobs/SeveralAtOnce.cs",
        "CovidCt.Core/Studies/PreparedStudy.cs",
        "CovidCt.Core/Studies/RunConfiguration.cs",
        "CovidCt.Core/Studies/RunEmbedder.cs",
        "CovidCt.Core/Studies/RunExplainer.cs",
        "CovidCt.Core/Studies/RunFeatures.cs",
        "CovidCt.Core/Studies/Study.cs",
        "CovidCt.Core/Studies/StudyInsights.cs",
        "CovidCt.Core/Training/Trainer.cs",
        "CovidCt.Core/Training/TrainingFailedException.cs",
        "CovidCt.Core/Weights/Download.cs",
        "CovidCt.Evaluation/Answers/ModelDescription.cs",
        "CovidCt.Evaluation/Audit/AuditFindings.cs",
        "CovidCt.Evaluation/Audit/DatasetAuditOptions.cs",
        "CovidCt.Evaluation/Audit/PatientChecks.cs",
        "CovidCt.Evaluation/Data/ManifestReader.cs",
        "CovidCt.Evaluation/Imaging/ColourConverter.cs",
        "CovidCt.Evaluation/Imaging/SkiaImageDecoder.cs",
        "CovidCt.Evaluation/Recipes/AugmentationOptions.cs",
        "CovidCt.Evaluation/Recipes/LambOptions.cs",
        "CovidCt.Reporting/Tables/ComparedNetwork.cs",
        "CovidCt.Evaluation/Records/ExplanationReader.cs",
        "CovidCt.Evaluation/Records/FoldRow.cs",
        "CovidCt.Evaluation/Records/FoldsCsv.cs",
        "CovidCt.Evaluation/Records/MapEntry.cs",
        "CovidCt.Evaluation/Records/PredictionsCsv.cs",
        "CovidCt.Evaluation/Records/RunFolderException.cs",
        "CovidCt.Evaluation/Records/StudyConfiguration.cs",
        "CovidCt.Evaluation/Records/StudyReader.cs",
        "CovidCt.Evaluation/Records/StudyReport.cs",
        "CovidCt.Evaluation/Records/TestDistance.cs",
        "CovidCt.Models/Folding/FusedOperators.cs",
        "CovidCt.Models/Runtime/ChosenLibtorch.cs",
        "CovidCt.Models/Runtime/ElfFile.cs",
        "CovidCt.Models/Weights/BackboneWeights.cs",
        "CovidCt.Models/Weights/Formats/PickleReader.cs",
        "CovidCt.Models/Weights/Formats/ZipDirectory.cs",
        "CovidCt.Models/Weights/TensorFile.cs",
        "CovidCt.Reporting/Cards/StudyFacts.cs",
        "CovidCt.Reporting/Tables/TableData.cs",
        "CovidCt.Reporting/Wording/RecipeWords.cs",
    ];

    [Fact]
    public void No_package_opens_its_internals_to_another() => Assert.Empty(
        from project in Repository.Files("*.csproj")
        from Match match in OpenedTo().Matches(File.ReadAllText(project))
        where !match.Groups[1].Value.EndsWith("Tests", StringComparison.Ordinal) && match.Groups[1].Value != "CovidCt.Benchmarks"
        select $"{Repository.Below(project)}: {match.Groups[1].Value}");

    [Fact]
    public void Sources_open_no_internals_either() => Assert.Empty(
        Repository.Sources.Where(source => source.Text.Contains("InternalsVisibleTo", StringComparison.Ordinal)).Select(source => source.Path));

    [Fact]
    public void What_the_library_says_names_no_option_of_the_command_line() => Assert.Empty(
        Repository.Sources.Where(source => !source.Path.StartsWith("CovidCt.Cli/", StringComparison.Ordinal)
            && Code(source).Any(line => CommandLine().IsMatch(line))).Select(source => source.Path));

    [Fact]
    public void A_public_type_lies_in_the_file_of_its_name() => Assert.Empty(
        from source in Repository.Sources
        from type in source.Types
        where type.IsPublic && type.Name != Path.GetFileName(source.Path).Split('.')[0]
        select $"{source.Path}: {type.Name}");

    [Fact]
    public void The_public_surface_can_be_learnt() => Assert.InRange(
        Repository.Sources.Where(source => !source.Path.StartsWith("CovidCt.Cli/", StringComparison.Ordinal))
            .SelectMany(source => source.Types).Where(type => type.IsPublic).Select(type => type.Name).Distinct().Count(), 1, MostPublicTypes);

    [Fact]
    public void No_line_is_longer_than_a_screen() => Repository.AssertOnly(
        LongLines,
        Repository.Sources.Where(source => source.Text.Split('\n').Any(line => line.TrimEnd('\r').Length > Columns)).Select(source => source.Path));

    [Fact]
    public void The_names_of_a_studys_files_stand_in_the_layouts_alone()
    {
        string[] layouts = ["CovidCt.Evaluation/Records/StudyLayout.cs", "CovidCt.Evaluation/Records/RunLayout.cs"];
        var names = Repository.Sources.Where(source => layouts.Contains(source.Path)).SelectMany(source => FileName().Matches(source.Text))
            .Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.Contains("results.json", names);
        Assert.Contains("checkpoint.safetensors", names);

        Assert.Empty(
            Repository.Sources.Where(source => !layouts.Contains(source.Path)
                && Code(source).SelectMany(line => FileName().Matches(line)).Any(match => names.Contains(match.Groups[1].Value))).Select(source => source.Path));
    }

    private static IEnumerable<string> Code(Source source) =>
        source.Text.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal));

    [GeneratedRegex("InternalsVisibleTo Include=\"([^\"]+)\"")]
    private static partial Regex OpenedTo();

    [GeneratedRegex("\"[^\"]*(?:--[a-z]|covidct [a-z])")]
    private static partial Regex CommandLine();

    [GeneratedRegex("\"(?:[^\"]*/)?([\\w.-]+\\.(?:json|csv|md|html|safetensors))\"")]
    private static partial Regex FileName();
}
