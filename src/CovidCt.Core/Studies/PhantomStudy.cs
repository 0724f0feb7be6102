using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Phantoms;
using CovidCt.Recipes;
using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>
/// The study that runs without data: generated chest-like slices, two small networks from random weights, five folds by
/// patient.
/// </summary>
/// <remarks>
/// Its recipe is its own, since it must end within two minutes on two cores: inputs of 72×54 pixels, few epochs and a
/// higher rate than the paper's, which is meant for ImageNet weights. It was chosen on another seed than the default one.
/// </remarks>
public static class PhantomStudy
{
    /// <summary>What it does.</summary>
    public static StudyOptions Options() => new()
    {
        Networks = ["shufflenet_v2_x1_0", "resnet18"],
        GroupBy = GroupBy.Patient,
        InputSize = new ImageSize(72, 54),
        Training = { Epochs = 6, BatchSize = 8, Lamb = { LearningRate = 1e-2 } },
    };

    /// <summary>Writes the phantom into the study's folder, where a resumed study finds it again.</summary>
    /// <param name="folder">The study's folder.</param>
    /// <param name="seed">Decides what is drawn.</param>
    /// <param name="cancellationToken">Stops between two images; what was begun is then begun anew.</param>
    /// <exception cref="IOException">An image can't be written.</exception>
    public static CtDataset WriteData(StudyFolder folder, int seed = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var data = folder.Layout.Phantom;
        if (!File.Exists(Path.Combine(data, StudyLayout.PhantomManifestName))) // It is written last.
        {
            PhantomDataset.Write(data, new PhantomOptions { Seed = seed }, cancellationToken);
        }

        return CtDataset.Open(data);
    }
}
