using CovidCt.Audit;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Progress;
using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>A study and those below it, each with its images, for whoever trains their runs.</summary>
/// <remarks>It keeps the study itself open, and of those below it the one that was asked for last.</remarks>
internal sealed class StudyParts : IDisposable
{
    private readonly CrossValidator _validator;
    private readonly CtDataset _dataset;
    private readonly StudyFolder _folder;
    private readonly bool _isJoined;
    private readonly PreparedStudy _itself;
    private (string Path, PreparedStudy Study)? _below;

    private StudyParts(
        CrossValidator validator, CtDataset dataset, StudyFolder folder, IReadOnlyList<StudyPart> parts, PreparedStudy itself,
        bool isJoined) =>
        (_validator, _dataset, _folder, All, _itself, _isJoined) = (validator, dataset, folder, parts, itself, isJoined);

    /// <summary>All of them, the study itself first.</summary>
    public IReadOnlyList<StudyPart> All { get; }

    /// <summary>The study's folder.</summary>
    public StudyFolder Folder => _folder;

    /// <summary>Where the images are, all of them, with what was found of their samples.</summary>
    public CtDataset Dataset => _dataset;

    /// <summary>The study itself.</summary>
    public PreparedStudy Itself => _itself;

    /// <summary>How many runs are trained at once on its device, in this process and others, from 1.</summary>
    public int RunsAtOnce { get; init; } = 1;

    /// <summary>The runs of all of them, in the order of the options.</summary>
    public IReadOnlyList<PlannedRun> Runs =>
    [
        .. All.SelectMany(part =>
            _itself.Runs.Select(run => new PlannedRun(part.Path, run.Network, run.Fold, _validator.CostOf(run.Network)))),
    ];

    /// <summary>
    /// Begins a study, or goes on with one: decodes its images, draws its folds, audits the data, and keeps all that another process needs
    /// to train its runs.
    /// </summary>
    /// <param name="validator">Makes it.</param>
    /// <param name="claimed">The study itself.</param>
    /// <param name="dataset">The whole data set.</param>
    /// <param name="isForTensorBoard">Whether it is to be written for TensorBoard.</param>
    /// <param name="audit">The audit that has to be made; null where the folder holds one.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="cancellationToken">Stops between two images.</param>
    public static StudyParts Prepare(
        CrossValidator validator, ClaimedStudy claimed, CtDataset dataset, bool isForTensorBoard, DatasetAudit? audit,
        IProgress<StudyProgress>? progress, CancellationToken cancellationToken)
    {
        var parts = StudyPart.Of(dataset, claimed.Options);
        var study = validator.Decode(claimed, audit, progress, cancellationToken);
        var opened = new StudyParts(validator, dataset, claimed.Folder, parts, study, isJoined: false);
        try
        {
            (study.Preparation with { TensorBoard = isForTensorBoard }).WriteTo(claimed.Folder.Layout);
            foreach (var part in parts.Skip(1))
            {
                opened.Open(part.Path, cancellationToken).Preparation.WriteTo(claimed.Folder.Layout.Part(part.Path));
            }

            Keep(StudyPlan.Of(opened.Runs), claimed.Folder.Layout, progress);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Takes part in a study that was prepared, perhaps on another machine; nothing but its runs is written.</summary>
    /// <param name="validator">Opens it.</param>
    /// <param name="folder">The study's folder, which was joined.</param>
    /// <param name="node">Where the same files lie on this machine.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="RunFolderException">No study was prepared there, or with other images or weights.</exception>
    public static StudyParts Join(
        CrossValidator validator, StudyFolder folder, NodeOptions node, CancellationToken cancellationToken)
    {
        var known = Preparation.ReadFrom(folder.Layout);
        var stated = StudyConfiguration.ReadStudy(folder.Layout.Configuration);
        var options = known.Complete(stated.Options, node.WeightsFolder);
        var dataset = OpenData(folder.Layout, stated, node, validator.Decoder);
        var study = validator.Join(dataset, options, folder, known, cancellationToken);
        study.RunsAtOnce = node.RunsAtOnce;
        return new(validator, dataset, folder, StudyPart.Of(dataset, options), study, isJoined: true) { RunsAtOnce = node.RunsAtOnce };
    }

    /// <summary>The data set of a study that was prepared, as it lies on this machine.</summary>
    /// <exception cref="RunFolderException">Its images are no files.</exception>
    /// <exception cref="UnusableDataException">It isn't there.</exception>
    public static CtDataset OpenData(StudyLayout study, StudyConfiguration stated, NodeOptions node, IImageDecoder decoder)
    {
        var data = node.DataFolder
            ?? (stated.Dataset == PhantomDatasetName(study) ? study.Phantom : stated.DataPath)
            ?? throw new RunFolderException(
                $"The images of {study.Root} are no files, so that no other process can open them. Train and finish the study where it was "
                + "prepared, or give the data set.");
        // Folders may have other names here, and a data set without a name of its own takes that of its folder.
        var names = (stated.Dataset ?? "").Split(CtDataset.TestedOnWords);
        var dataset = CtDataset.Open(data, stated.Positive, decoder) with { Name = names[0] };
        var test = stated.TestDataPath is null ? null : node.TestFolder ?? stated.TestDataPath;
        dataset = test is null
            ? dataset
            : dataset.TestedOn(CtDataset.Open(test, stated.TestPositive, decoder) with { Name = names[^1] });
        return dataset with { SampleBits = stated.SampleBits };
    }

    /// <summary>The study of a part; whoever asks doesn't dispose it, and has it until another part is asked for.</summary>
    /// <param name="part">Its path; empty for the study itself.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    public PreparedStudy Open(string part, CancellationToken cancellationToken)
    {
        if (part.Length == 0)
        {
            return _itself;
        }

        if (_below is var (path, study) && path == part)
        {
            return study;
        }

        _below?.Study.Dispose();
        _below = null;
        var (asked, folder) = (All.First(one => one.Path == part), _folder.Part(part));
        study = _isJoined
            ? _validator.Join(_dataset, asked.Options, folder, Preparation.ReadFrom(folder.Layout), cancellationToken)
            : _validator.Prepare(_dataset, asked.Options, folder, null, cancellationToken);
        study.RunsAtOnce = RunsAtOnce;
        _below = (part, study);
        return study;
    }

    public void Dispose()
    {
        _below?.Study.Dispose();
        _below = null;
        _itself.Dispose();
    }

    private static void Keep(StudyPlan plan, StudyLayout layout, IProgress<StudyProgress>? progress)
    {
        if (!KeptFiles.Are(layout.Sums, progress, layout[StudyLayout.PlanName]) || !layout.ReadPlan().Runs.SequenceEqual(plan.Runs))
        {
            layout.WritePlan(plan);
        }
    }

    // A generated data set lies in the study's folder, wherever that is seen on this machine.
    private static string? PhantomDatasetName(StudyLayout study) =>
        File.Exists(Path.Combine(study.Phantom, StudyLayout.PhantomManifestName)) ? Path.GetFileName(study.Phantom) : null;
}
