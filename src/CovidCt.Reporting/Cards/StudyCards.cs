using CovidCt.Records;

namespace CovidCt.Reporting.Cards;

/// <summary>
/// Writes what a publication of a study has to state: a model card (Mitchell et al., "Model cards for model reporting", FAT*
/// 2019) and the checklists CLAIM, TRIPOD+AI, STARD-AI and PROBAST+AI, filled in from the study's folder. What only people can say is
/// left open, visibly, and counted. Equal folders give equal files.
/// </summary>
internal static class StudyCards
{
    /// <summary>Writes both files, each of which is whole or not there.</summary>
    /// <param name="study">What lies in the study's folder, finished or not.</param>
    /// <param name="folder">Where to; it is made when missing.</param>
    /// <returns>The full paths of the model card and of the checklists.</returns>
    /// <exception cref="IOException">A file can't be written, or one of the study's can't be read.</exception>
    public static IReadOnlyList<string> Write(StudyReport study, string folder)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var facts = StudyFacts.Of(study);
        return [Save(StudyLayout.ModelCardName, ModelCard.Of(facts)), Save(StudyLayout.ChecklistsName, ChecklistFile.Of(facts))];

        string Save(string name, Markdown document)
        {
            var path = Path.GetFullPath(Path.Combine(folder, name));
            AtomicFile.WriteAllText(path, document.ToString());
            return path;
        }
    }
}
