using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Models.Runtime;
using CovidCt.Networks;
using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>Opens the networks of a study's folds as one.</summary>
public static class StudyEnsembles
{
    /// <summary>The networks of all folds of a network in a study's folder, in the order of the folds.</summary>
    /// <param name="studyFolder">The folder of a study, in which the network's folds are finished.</param>
    /// <param name="network">The network's published name.</param>
    /// <inheritdoc cref="OfRuns(string)" path="/exception"/>
    public static CtEnsemble OfStudy(string studyFolder, string network)
    {
        ArgumentException.ThrowIfNullOrEmpty(studyFolder);
        ArgumentException.ThrowIfNullOrEmpty(network);
        return OfRuns(new StudyLayout(studyFolder).RunsOf(network));
    }

    /// <summary>The networks of all folds below a folder such as <c>runs/resnet18</c> of a study, in the order of the folds.</summary>
    /// <param name="folder">The folder of the folders <c>fold-0</c>, <c>fold-1</c> and so on.</param>
    /// <exception cref="RunFolderException">
    /// A fold is missing, not finished, or of other settings than the first; the message says which.
    /// </exception>
    /// <exception cref="WeightsException">A network's file, or the features beside it, is damaged.</exception>
    /// <exception cref="NativeRuntimeException">libtorch is missing or can't be loaded.</exception>
    public static CtEnsemble OfRuns(string folder) => OfRuns(folder, new BackboneFactory());

    /// <inheritdoc cref="OfRuns(string)"/>
    /// <param name="folder">The folder of the folders <c>fold-0</c>, <c>fold-1</c> and so on.</param>
    /// <param name="backbones">Makes the networks.</param>
    /// <param name="decoder">Turns files into gray images; null takes <see cref="SkiaImageDecoder"/>.</param>
    public static CtEnsemble OfRuns(string folder, IBackboneFactory backbones, IImageDecoder? decoder = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        TorchRuntime.EnsureLoaded();
        var runs = FinishedFolds.Open(Path.GetFullPath(folder));
        try
        {
            return CtEnsemble.Of(runs.Select(run => CtClassifier.Load(run.FullPath, backbones, decoder)));
        }
        catch (ArgumentException e)
        {
            throw new RunFolderException($"The networks in {folder} are not of one study. {e.Message}", e);
        }
    }

    /// <summary>Whether a folder holds folds, as <see cref="OfRuns(string)"/> takes them.</summary>
    public static bool HoldsFolds(string folder) => FinishedFolds.AreIn(folder);
}
