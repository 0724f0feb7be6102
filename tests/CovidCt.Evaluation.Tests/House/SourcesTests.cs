using System.Text.RegularExpressions;

namespace CovidCt.Evaluation.Tests.House;

public sealed partial class SourcesTests
{
    private const int Columns = 140;
    private const int MostPublicTypes = 226; // 140 of the study; those of sets, of recipes and a choice among them, of predictions made elsewhere, of tests, of ONNX, of clusters, of a second decoder, of volumes and their answers, of DICOM, and of a service, which applications ask, and of seeds together.

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
    public void No_line_is_longer_than_a_screen() => Assert.Empty(
        from source in Repository.Sources
        from line in source.Text.Split('\n').Index()
        where line.Item.TrimEnd('\r').Length > Columns
        select $"{source.Path}, line {line.Index + 1}");

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
