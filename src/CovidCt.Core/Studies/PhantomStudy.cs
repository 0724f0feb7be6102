using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Phantoms;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>
/// The study that runs without data: generated chest-like slices, two small networks from random weights, three folds by
/// patient.
/// </summary>
/// <remarks>
/// Its recipe is its own, since all of it must cost no more than two minutes of processor time: inputs of 72×54 pixels, few folds and
/// epochs, one thread, since several mostly wait for each other on inputs that small, and a higher rate than the paper's, which is meant
/// for ImageNet weights. It was chosen on another seed than the default one.
/// </remarks>
public static class PhantomStudy
{
    /// <summary>What it does.</summary>
    public static StudyOptions Options() => new()
    {
        Networks = ["shufflenet_v2_x1_0", "resnet18"],
        GroupBy = GroupBy.Patient,
        Folds = 3,
        InputSize = new ImageSize(72, 54),
        Training = { Epochs = 6, BatchSize = 8, Threads = 1, Lamb = { LearningRate = 1e-2 } },
    };

    /// <summary>Writes the phantom into the study's folder, where a resumed study finds it again.</summary>
    /// <param name="folder">The study's folder.</param>
    /// <param name="seed">Decides what is drawn.</param>
    /// <param name="progress">
    /// Told by a <see cref="Study.Warning"/> where a phantom that is there isn't what was written, and is drawn again.
    /// </param>
    /// <param name="cancellationToken">Stops between two images; what was begun is then begun anew.</param>
    /// <exception cref="IOException">An image can't be written.</exception>
    /// <exception cref="ObjectDisposedException">The folder was disposed.</exception>
    public static CtDataset WriteData(
        StudyFolder folder, long seed = 0, IProgress<StudyProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        folder.ThrowIfDisposed();
        var (layout, data) = (folder.Layout, folder.Layout.Phantom);
        if (!File.Exists(layout.Configuration))
        {
            layout.BeginSums(); // A study that is older than lists gets its own when it is gone on with.
        }

        if (!KeptFiles.Are(layout.Sums, progress, layout.PhantomFiles.Append(Path.Combine(data, StudyLayout.PhantomManifestName))))
        {
            layout.Sums.Write(
                () => PhantomDataset.Write(data, new PhantomOptions { Seed = seed }, cancellationToken), layout.PhantomFiles);
        }

        return CtDataset.Open(data);
    }
}
