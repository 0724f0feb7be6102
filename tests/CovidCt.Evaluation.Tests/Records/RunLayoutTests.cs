using CovidCt.Records;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class RunLayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folds_are_listed_by_their_numbers_and_what_is_none_is_passed_over()
    {
        foreach (var name in (string[])["fold-10", "fold-2", "fold-0", "fold-0-before", "fold-", "fold--1", "folds", "2"])
        {
            Directory.CreateDirectory(_folder[name]);
        }

        File.WriteAllText(_folder["fold-3"], "");

        Assert.Equal([(0, _folder["fold-0"]), (2, _folder["fold-2"]), (10, _folder["fold-10"])], Folds(_folder.Path));
        Assert.Empty(Folds(_folder["fold-0"]));
        Assert.Empty(Folds(_folder["nowhere"]));
    }

    [Fact]
    public void A_network_of_several_folds_is_known_by_the_files_of_these_alone()
    {
        foreach (var name in (string[])["fold-1", "fold-0", "fold-0-before"])
        {
            Directory.CreateDirectory(_folder[name]);
            File.WriteAllText(_folder[$"{name}/{RunLayout.NetworkName}"], name);
        }

        Assert.Equal(
            [$"fold-0/{RunLayout.NetworkName}", $"fold-1/{RunLayout.NetworkName}"],
            ModelTestOptions.For(_folder.Path).Files.Select(file => file.Name));
    }

    private static IEnumerable<(int, string)> Folds(string folder) => RunLayout.FoldsIn(folder).Select(fold => (fold.Fold, fold.Run.Root));
}
