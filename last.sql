WITH
    (SELECT (window_hours, window_end) FROM (SELECT
        
        24. AS window_hours,
        toStartOfDay(as_of, 'UTC') AS window_end,
        window_end AS previous_end
        
    FROM (SELECT
         parseDateTimeBestEffort('2020-01-01 00:00:00', 'UTC')
         AS as_of
) AS `clock`
) AS `window`) AS current,
    assumeNotNull(current.1) AS window_hours,
    arraySlice(winner.5, 2, 24) AS usual,
    arraySum(usual) / 24 AS mean,
    arraySum(n -> n * n, usual) / 24 - mean * mean AS variance
SELECT
    content_id,
    sample_text,
    winner.2 AS interaction_count,
    winner.3 AS total_engagement,
    winner.4 AS latest_interaction,
    arraySlice(arraySort((tag, n) -> (-toInt64(n), tag), tag_counts.1, tag_counts.2), 1, 10) AS common_tags,
    unique_users,
    round(n_now / window_hours, 4) AS velocity_per_hour,
    round((toInt64(n_now) - toInt64(winner.5[2])) / pow(window_hours, 2), 4) AS acceleration_per_hour2,
    decayed_score,
    round((n_now - mean) / greatest(sqrt(greatest(variance, 0)), sqrt(mean), 1), 4) AS z_score,
    winner.6 AS rank,
    winner.7 AS previous_rank,
    winner.5[1] AS n_now,
    users_now,
    round(mean, 4) AS expected,
    60 * window_hours AS window_minutes,
    arraySort((name, n) -> (-toInt64(n), name), platform_counts.1, platform_counts.2)[1] AS platform,
    arrayReverse(arraySlice(winner.5, 1, 25)) AS spark,
    assumeNotNull(current.2) AS window_end
FROM (WITH
        (SELECT won FROM (SELECT groupArray((content_id, interactions, engagement, latest, counts, place, was_place)) AS won
FROM (SELECT
        content_id,
        interactions,
        engagement,
        latest,
        counts,
        row_number() OVER (
            ORDER BY interactions >= toInt32('10') DESC, score DESC, engagement DESC, interactions DESC, content_id
        ) AS place,
        if(was_interactions >= toInt32('10'), row_number() OVER (
            ORDER BY was_interactions >= toInt32('10') DESC, was_score DESC, was_engagement DESC, was_interactions DESC, content_id
        ), NULL) AS was_place
    FROM (SELECT
        content_id,
        interactions,
        engagement,
        latest,
        counts,
        was_interactions,
        was_engagement,
        
        engagement AS score,
        was_engagement AS was_score
        
    FROM (SELECT
        content_id,
        sumIf(content_by_day.interactions, is_ranked) AS interactions,
        sumIf(content_by_day.engagement, is_ranked) AS engagement,
        maxIf(last_moment, is_ranked) AS latest,
        sumIf(content_by_day.interactions, was_ranked) AS was_interactions,
        sumIf(content_by_day.engagement, was_ranked) AS was_engagement,
        
        sumResampleIf(0, 26, 1)(content_by_day.interactions, w, is_window) AS counts
    FROM (
        WITH (SELECT as_of FROM (SELECT
         parseDateTimeBestEffort('2020-01-01 00:00:00', 'UTC')
         AS as_of
) AS `clock`) AS as_of
        SELECT
            content_id,
            interactions,
            engagement,
            first_moment,
            last_moment,
            is_ranked,
            is_window,
            assumeNotNull(dateDiff('day', day, toDate(as_of, 'UTC'))) - 1 AS w,
            is_window AND w < intDiv(toInt32('720'), 24) AS was_ranked,
            (interactions + engagement) * exp2(-assumeNotNull(dateDiff('second', toDateTime(day, 'UTC'), as_of)) / (3600 * toFloat64('6.0'))) AS decayed
        FROM (SELECT content_id, platform, day, is_window, is_ranked, interactions, engagement, first_moment, last_moment, users, tags, tag_counts
FROM (WITH
        (SELECT (first_ranked_day, first_day, rollup_end) FROM (SELECT
        toDate(as_of, 'UTC') AS today,
        as_of - 3600 * toInt32('720') AS ranking_start,
        toDate(ranking_start, 'UTC') + 1 AS first_ranked_day,
        today - greatest(26, intDiv(toInt32('720'), 24)) AS first_day,
        
        greatest(first_day, least(today, (SELECT max(through) FROM (SELECT target, counted_at, max(run_through) AS through
FROM w_4caae64069b9eb98.t_8ddb328c8bb5db40 AS `counting_runs`
GROUP BY target, counted_at
HAVING sum(interactions) = max(run_total)
) AS `complete_runs` WHERE target = 'content'))) AS rollup_end
        
    FROM (SELECT
         parseDateTimeBestEffort('2020-01-01 00:00:00', 'UTC')
         AS as_of
) AS `clock`
) AS `bounds`) AS edges,
        edges.1 AS first_ranked_day,
        edges.2 AS first_day,
        edges.3 AS rollup_end
    SELECT
        content_id,
        platform,
        day,
        1 AS is_window,
        day >= first_ranked_day AS is_ranked,
        interactions,
        engagement,
        first_moment,
        last_moment,
        users,
        tags,
        tag_counts
    FROM w_4caae64069b9eb98.t_613a4755be20a2d3 AS `content_daily` FINAL
    WHERE day >= first_day
        AND day < rollup_end
        AND interactions > 0
) AS `counted_days`
UNION ALL
SELECT content_id, platform, day, is_window, is_ranked, interactions, engagement, first_moment, last_moment, users, tag_names, tag_counts
FROM (WITH
    (SELECT (today, ranking_start, first_ranked_day, rollup_end) FROM (SELECT
        toDate(as_of, 'UTC') AS today,
        as_of - 3600 * toInt32('720') AS ranking_start,
        toDate(ranking_start, 'UTC') + 1 AS first_ranked_day,
        today - greatest(26, intDiv(toInt32('720'), 24)) AS first_day,
        
        greatest(first_day, least(today, (SELECT max(through) FROM (SELECT target, counted_at, max(run_through) AS through
FROM w_4caae64069b9eb98.t_8ddb328c8bb5db40 AS `counting_runs`
GROUP BY target, counted_at
HAVING sum(interactions) = max(run_total)
) AS `complete_runs` WHERE target = 'content'))) AS rollup_end
        
    FROM (SELECT
         parseDateTimeBestEffort('2020-01-01 00:00:00', 'UTC')
         AS as_of
) AS `clock`
) AS `bounds`) AS edges,
    edges.1 AS today,
    edges.2 AS ranking_start,
    edges.3 AS first_ranked_day,
    edges.4 AS rollup_end
SELECT
    content_id,
    platform,
    toDate(timestamp, 'UTC') AS day,
    day >= rollup_end AND day < today AS is_window,
    timestamp > ranking_start AS is_ranked,
    count() AS interactions,
    sum(engagement_count) AS engagement,
    min(timestamp) AS first_moment,
    max(timestamp) AS last_moment,
    uniqCombinedState(14)(user_id) AS users,
    (sumMap(tags, arrayWithConstant(length(tags), toUInt64(1))) AS counted).1 AS tag_names,
    counted.2 AS tag_counts
FROM (SELECT
        timestamp,
        interaction_id,
        user_id,
        toString(platform) AS platform,
        toString(interaction_type) AS interaction_type,
        content_id,
        engagement_count,
        tags,
        text_content,
        startsWith(lowerUTF8(user_id), 'bot_') OR endsWith(lowerUTF8(user_id), '_bot') OR endsWith(lowerUTF8(user_id), '[bot]') AS is_bot
    FROM w_4caae64069b9eb98.t_08f58a09de9894d6 AS `interactions_by_time` FINAL
    WHERE timestamp <= (SELECT as_of FROM (SELECT
         parseDateTimeBestEffort('2020-01-01 00:00:00', 'UTC')
         AS as_of
) AS `clock`)
) AS `filtered_interactions`
WHERE timestamp >= toDateTime(rollup_end, 'UTC')
    OR (
        timestamp > ranking_start
        AND timestamp < toDateTime(first_ranked_day, 'UTC')
    )
GROUP BY content_id, platform, day, is_window, is_ranked
) AS `uncounted_days`
) AS `content_by_day`
    ) AS content_by_day
    
    GROUP BY content_id
) AS `measured`
    WHERE interactions >= toInt32('10')
        OR was_interactions >= toInt32('10')
) AS `scored`
    QUALIFY interactions >= toInt32('10')
        AND place > toInt32('0')
        AND place <= toInt32('0') + toInt32('50')
) AS `winners`
) AS `page`) AS won,
        (SELECT as_of FROM (SELECT
         parseDateTimeBestEffort('2020-01-01 00:00:00', 'UTC')
         AS as_of
) AS `clock`) AS as_of
    SELECT
        content_id,
        arrayFirst(each -> each.1 = content_id, won) AS winner,
        unique_users,
        users_now,
        tag_counts,
        platform_counts,
        decayed_score,
        latest_texts.sample_text AS sample_text
    FROM (
        
        SELECT
            content_id,
            uniqCombinedMergeIf(14)(users, is_ranked) AS unique_users,
            uniqCombinedMergeIf(14)(users, is_window AND day = toDate(as_of, 'UTC') - 1) AS users_now,
            sumMapIf(tags, tag_counts, is_ranked) AS tag_counts,
            sumMapIf([platform], [interactions], is_ranked) AS platform_counts,
            round(sumIf((interactions + engagement) * exp2(-dateDiff('second', toDateTime(day, 'UTC'), as_of) / (3600 * toFloat64('6.0'))), is_ranked), 4) AS decayed_score
        FROM (SELECT content_id, platform, day, is_window, is_ranked, interactions, engagement, first_moment, last_moment, users, tags, tag_counts
FROM (WITH
        (SELECT (first_ranked_day, first_day, rollup_end) FROM (SELECT
        toDate(as_of, 'UTC') AS today,
        as_of - 3600 * toInt32('720') AS ranking_start,
        toDate(ranking_start, 'UTC') + 1 AS first_ranked_day,
        today - greatest(26, intDiv(toInt32('720'), 24)) AS first_day,
        
        greatest(first_day, least(today, (SELECT max(through) FROM (SELECT target, counted_at, max(run_through) AS through
FROM w_4caae64069b9eb98.t_8ddb328c8bb5db40 AS `counting_runs`
GROUP BY target, counted_at
HAVING sum(interactions) = max(run_total)
) AS `complete_runs` WHERE target = 'content'))) AS rollup_end
        
    FROM (SELECT
         parseDateTimeBestEffort('2020-01-01 00:00:00', 'UTC')
         AS as_of
) AS `clock`
) AS `bounds`) AS edges,
        edges.1 AS first_ranked_day,
        edges.2 AS first_day,
        edges.3 AS rollup_end
    SELECT
        content_id,
        platform,
        day,
        1 AS is_window,
        day >= first_ranked_day AS is_ranked,
        interactions,
        engagement,
        first_moment,
        last_moment,
        users,
        tags,
        tag_counts
    FROM w_4caae64069b9eb98.t_613a4755be20a2d3 AS `content_daily` FINAL
    WHERE day >= first_day
        AND day < rollup_end
        AND interactions > 0
) AS `counted_days`
UNION ALL
SELECT content_id, platform, day, is_window, is_ranked, interactions, engagement, first_moment, last_moment, users, tag_names, tag_counts
FROM (WITH
    (SELECT (today, ranking_start, first_ranked_day, rollup_end) FROM (SELECT
        toDate(as_of, 'UTC') AS today,
        as_of - 3600 * toInt32('720') AS ranking_start,
        toDate(ranking_start, 'UTC') + 1 AS first_ranked_day,
        today - greatest(26, intDiv(toInt32('720'), 24)) AS first_day,
        
        greatest(first_day, least(today, (SELECT max(through) FROM (SELECT target, counted_at, max(run_through) AS through
FROM w_4caae64069b9eb98.t_8ddb328c8bb5db40 AS `counting_runs`
GROUP BY target, counted_at
HAVING sum(interactions) = max(run_total)
) AS `complete_runs` WHERE target = 'content'))) AS rollup_end
        
    FROM (SELECT
         parseDateTimeBestEffort('2020-01-01 00:00:00', 'UTC')
         AS as_of
) AS `clock`
) AS `bounds`) AS edges,
    edges.1 AS today,
    edges.2 AS ranking_start,
    edges.3 AS first_ranked_day,
    edges.4 AS rollup_end
SELECT
    content_id,
    platform,
    toDate(timestamp, 'UTC') AS day,
    day >= rollup_end AND day < today AS is_window,
    timestamp > ranking_start AS is_ranked,
    count() AS interactions,
    sum(engagement_count) AS engagement,
    min(timestamp) AS first_moment,
    max(timestamp) AS last_moment,
    uniqCombinedState(14)(user_id) AS users,
    (sumMap(tags, arrayWithConstant(length(tags), toUInt64(1))) AS counted).1 AS tag_names,
    counted.2 AS tag_counts
FROM (SELECT
        timestamp,
        interaction_id,
        user_id,
        toString(platform) AS platform,
        toString(interaction_type) AS interaction_type,
        content_id,
        engagement_count,
        tags,
        text_content,
        startsWith(lowerUTF8(user_id), 'bot_') OR endsWith(lowerUTF8(user_id), '_bot') OR endsWith(lowerUTF8(user_id), '[bot]') AS is_bot
    FROM w_4caae64069b9eb98.t_08f58a09de9894d6 AS `interactions_by_time` FINAL
    WHERE timestamp <= (SELECT as_of FROM (SELECT
         parseDateTimeBestEffort('2020-01-01 00:00:00', 'UTC')
         AS as_of
) AS `clock`)
) AS `filtered_interactions`
WHERE timestamp >= toDateTime(rollup_end, 'UTC')
    OR (
        timestamp > ranking_start
        AND timestamp < toDateTime(first_ranked_day, 'UTC')
    )
GROUP BY content_id, platform, day, is_window, is_ranked
) AS `uncounted_days`
) AS `content_by_day`
        WHERE content_id IN (arrayMap(each -> each.1, won))
        GROUP BY content_id
        
    ) AS details
    INNER JOIN (
        SELECT content_id, argMax(text_content, interaction_id) AS sample_text
        FROM (SELECT
        timestamp,
        interaction_id,
        user_id,
        toString(platform) AS platform,
        toString(interaction_type) AS interaction_type,
        content_id,
        engagement_count,
        tags,
        text_content,
        startsWith(lowerUTF8(user_id), 'bot_') OR endsWith(lowerUTF8(user_id), '_bot') OR endsWith(lowerUTF8(user_id), '[bot]') AS is_bot
    FROM w_4caae64069b9eb98.t_08f58a09de9894d6 AS `interactions_by_time` FINAL
    WHERE timestamp <= (SELECT as_of FROM (SELECT
         parseDateTimeBestEffort('2020-01-01 00:00:00', 'UTC')
         AS as_of
) AS `clock`)
) AS `filtered_interactions`
        WHERE (toStartOfHour(timestamp), content_id) IN (SELECT arrayJoin(arrayMap(each -> (toStartOfHour(each.4), each.1), won)))
            AND (content_id, timestamp) IN (arrayMap(each -> (each.1, each.4), won))
        GROUP BY content_id
    ) AS latest_texts USING (content_id)
) AS `details`
ORDER BY rank