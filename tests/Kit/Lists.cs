using CovidCt.Records;

namespace CovidCt.Tests;

/// <summary>The lists of what a study consists of.</summary>
internal static class Lists
{
    /// <summary>Takes them away, as in a folder that is older than lists, whose files may be changed by hand.</summary>
    public static void TakeAway(string folder)
    {
        foreach (var list in Directory.GetFiles(folder, StudyLayout.FileSums.FileName, SearchOption.AllDirectories))
        {
            File.Delete(list);
        }
    }

    /// <summary>Makes that of a run anew of what is there, such as of a copy without some of its files.</summary>
    public static void RenewRun(string run)
    {
        TakeAway(run);
        new RunLayout(run).BeginSums();
    }

    /// <summary>Makes them anew of what is there, as if it had been written so.</summary>
    public static void Renew(string study)
    {
        TakeAway(study);
        new StudyLayout(study).BeginSums();
    }
}
