using CovidCt.Data;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Studies;

/// <summary>A study whose folder says what it is asked to do, before any image is decoded.</summary>
/// <param name="Dataset">The images that it takes, with the labels that it gives them.</param>
/// <param name="Options">What it is asked to do.</param>
/// <param name="Training">The recipe, with the threads that the study began with.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Device">Where it computes.</param>
/// <param name="Specs">Its networks.</param>
/// <param name="Weights">By network, the file that it begins with; null of one that begins at random.</param>
/// <param name="Found">How each of those files goes with its network.</param>
/// <param name="Decoder">By what it remembers what reads its images; null of the default decoder.</param>
internal sealed record ClaimedStudy(
    CtDataset Dataset,
    StudyOptions Options,
    TrainingOptions Training,
    StudyFolder Folder,
    Device Device,
    IReadOnlyList<BackboneSpec> Specs,
    IReadOnlyDictionary<string, string?> Weights,
    IReadOnlyList<WeightsMatch> Found,
    string? Decoder);
