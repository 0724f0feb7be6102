using CovidCt.Progress;
using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>What a study that is gone on with keeps of what it finds, and what it makes again.</summary>
internal static class KeptFiles
{
    /// <summary>Whether files are there and are what was written; those that are not are told of, and to be made again.</summary>
    /// <param name="sums">The list of the folder that they lie in.</param>
    /// <param name="progress">Told what is wrong with them.</param>
    /// <param name="files">Their paths.</param>
    /// <exception cref="RunFolderException">The list is damaged.</exception>
    public static bool Are(StudyLayout.FileSums sums, IProgress<StudyProgress>? progress, params IEnumerable<string> files)
    {
        var faults = files.Where(file => !sums.Has(file) || sums.Fault(file) is not null).ToList();

        // What is there and not listed was left by a process that was killed, which is nothing to tell of.
        var told = faults.Where(file => sums.Has(file) || !File.Exists(file)).Select(sums.Fault);
        if (told.FirstOrDefault(fault => fault is not null) is { } first)
        {
            progress?.Report(new Study.Warning($"{first} It is made again."));
        }

        return faults.Count == 0;
    }
}
