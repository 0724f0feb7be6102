using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Networks;

namespace CovidCt.Registration;

/// <summary>
/// A kind of models that a package reads, and registers with
/// <c>AddCovidCtFormat</c> (<see cref="Microsoft.Extensions.DependencyInjection.CovidCtModelServiceCollectionExtensions"/>).
/// </summary>
public interface IModelFormat
{
    /// <summary>Whether a path is one of this kind's, going by its name; of several kinds the first that says so loads it.</summary>
    /// <param name="path">A file or a folder, which is there.</param>
    bool Reads(string path);

    /// <summary>Loads a model.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="options">What the application set.</param>
    /// <param name="decoder">Turns files into gray images.</param>
    /// <exception cref="ArgumentException">What the options ask for can't be had.</exception>
    /// <exception cref="Records.RunFolderException">It is a folder of runs that can't be used.</exception>
    /// <exception cref="WeightsException">A file is missing or broken, or no trained network.</exception>
    ICtClassifier Load(string path, CovidCtOptions options, IImageDecoder decoder);
}
