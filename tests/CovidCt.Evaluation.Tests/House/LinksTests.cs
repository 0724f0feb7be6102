using System.Text.RegularExpressions;

namespace CovidCt.Evaluation.Tests.House;

/// <summary>Where the repository's documents lead.</summary>
public sealed partial class LinksTests
{
    [Fact]
    public void Links_lead_to_files_and_headings_that_are_there() => Assert.Empty(
        from document in Documents
        from target in Targets(document)
        where !target.StartsWith("https://", StringComparison.Ordinal) && !IsThere(document, target)
        select $"{Path.GetRelativePath(Repository.Root, document)}: {target}");

    // What packs it puts the repository's address in the place of ../../, or takes the link away where there is none.
    [Fact]
    public void A_package_s_document_leads_into_the_repository_from_its_top_alone() => Assert.Empty(
        from document in PackageDocuments
        from target in Targets(document)
        where !target.StartsWith("https://", StringComparison.Ordinal) && !target.StartsWith("../../", StringComparison.Ordinal)
        select $"{Path.GetRelativePath(Repository.Root, document)}: {target}");

    [Fact]
    public void Each_package_has_a_document_of_its_own() => Assert.Equal(
        [
            "CovidCt.AspNetCore", "CovidCt.Core", "CovidCt.Dicom", "CovidCt.Evaluation", "CovidCt.ImageSharp", "CovidCt.Models", "CovidCt.Onnx", "CovidCt.Reporting", "CovidCt.Tool",
        ],
        PackageDocuments.Select(document => Path.GetFileName(Path.GetDirectoryName(document))));

    private static IEnumerable<string> PackageDocuments => Repository.Files("README.md");

    private static IEnumerable<string> Documents =>
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md"),
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md"),
        .. PackageDocuments,
    ];

    private static IEnumerable<string> Targets(string document) => Link().Matches(File.ReadAllText(document)).Select(match => match.Groups[1].Value);

    private static bool IsThere(string document, string target)
    {
        var (path, heading) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, null);
        var file = path.Length == 0 ? document : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(document)!, path));
        return heading is null ? Path.Exists(file) : File.Exists(file) && Headings(file).Contains(heading);
    }

    // As GitHub makes them: small letters, hyphens for spaces, no other punctuation.
    private static IEnumerable<string> Headings(string file) => Heading().Matches(File.ReadAllText(file))
        .Select(match => Punctuation().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
