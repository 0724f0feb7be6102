using CovidCt.Imaging;
using CovidCt.Records;

namespace CovidCt.Inference;

/// <summary>What read the images of a study, held against what is to read them now.</summary>
internal static class RecordedDecoder
{
    /// <summary>Refuses another decoder for the images of a study itself, which have to come out as they did.</summary>
    /// <param name="folder">The folder of the study or the run.</param>
    /// <param name="recorded">The name of what read them; null of the default decoder.</param>
    /// <param name="decoder">What is to read them.</param>
    /// <exception cref="RunFolderException">It has another name.</exception>
    public static void ThrowIfOther(string folder, string? recorded, IImageDecoder decoder)
    {
        if (decoder.Name != recorded)
        {
            throw new RunFolderException(
                $"The images of {folder} were read by {Worded(recorded)}, not by {Worded(decoder.Name)}.", FolderProblem.OtherDecoder);
        }
    }

    /// <summary>
    /// Refuses another decoder for what the networks of a folder are asked about, if their study remembers one. Those of the default
    /// decoder may be asked through any, such as about files of other formats.
    /// </summary>
    /// <param name="path">A run folder, or the folder above the folds.</param>
    /// <param name="decoder">What reads the images; null is the default decoder.</param>
    /// <exception cref="RunFolderException">It has another name, or a configuration is damaged.</exception>
    public static void ThrowIfRecordedIsOther(string path, IImageDecoder? decoder)
    {
        if (StudyConfiguration.DecoderOf(path) is { } recorded)
        {
            ThrowIfOther(path, recorded, decoder ?? new SkiaImageDecoder());
        }
    }

    private static string Worded(string? name) => name is null ? "the default decoder, SkiaSharp" : $"the decoder '{name}'";
}
